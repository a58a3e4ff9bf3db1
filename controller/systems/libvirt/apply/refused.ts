import { ExecFailed } from '../../exec.ts';
import { SystemUnreachable } from '../../system.ts';
import type { Refusal } from '../../system.ts';
import { CallTimedOut, ERROR_CODES, LibvirtError } from '../protocol/errors.ts';
import type { LibvirtStep } from '../step.ts';

/** A step that can't be carried out now, for a reason that we know ourselves. */
export class StepRefused extends Error {
  override readonly name = 'StepRefused';
  /** A condition reason. */
  readonly reason: string;
  readonly needsPerson: boolean;

  constructor(reason: string, message: string, needsPerson: boolean, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.needsPerson = needsPerson;
  }
}

/**
 * virErrorNumber (virterror.h) of refusals that come again until somebody changes the definition: NO_SUPPORT, INVALID_ARG,
 * XML_ERROR, CONFIG_UNSUPPORTED, ARGUMENT_UNSUPPORTED, OPERATION_UNSUPPORTED, CPU_INCOMPATIBLE, XML_INVALID_SCHEMA.
 */
const LASTING: ReadonlySet<number> = new Set([3, 8, 27, 67, 74, 84, 91, 92]);

/** What a failed step says to the resource that it was done for. Undefined for an error that is no refusal: a bug, a lost connection. */
export function refusalOf(step: LibvirtStep, error: unknown): Refusal | undefined {
  const { owner } = step;
  if (error instanceof StepRefused) return { owner, reason: error.reason, message: error.message, needsPerson: error.needsPerson };
  if (error instanceof ExecFailed) return { owner, reason: 'CommandFailed', message: `${step.object}: ${error.message}`, needsPerson: false };
  if (error instanceof SystemUnreachable && error.cause instanceof CallTimedOut) {
    return { owner, reason: 'LibvirtTimedOut', message: `${step.object}: ${error.cause.message}`, needsPerson: false };
  }
  if (!(error instanceof LibvirtError)) return undefined;
  if (step.kind === 'domain-destroy' && error.code === ERROR_CODES.OPERATION_TIMEOUT) {
    const message = `libvirtd hangs on ${step.object}, whose start was cut short, and can't end it (${error.message}); kill libvirtd, which leaves running domains alone (systemctl kill -s KILL libvirtd), and then: rm -f /run/libvirt/qemu/${step.domain.name}.xml && systemctl start libvirtd`;
    return { owner, reason: 'LibvirtStuck', message, needsPerson: true };
  }
  const isLasting = LASTING.has(error.code);
  if (step.kind === 'nic-update' && isLasting) {
    const message = `${step.object} must be restarted: libvirt can't change NIC ${step.mac} while it runs (${error.message})`;
    return { owner, reason: 'RestartRequired', message, needsPerson: true };
  }
  const message = `libvirt refused to ${step.verb} ${step.object}: ${lastingText(error.message)}${isLasting ? '' : remedyOf(step, error.message)}`;
  return { owner, reason: 'LibvirtRefused', message, needsPerson: isLasting };
}

/** The same each time it is refused for the same: what QEMU says last begins with the time. */
function lastingText(message: string): string {
  return message.replace(/^internal error: (?:qemu unexpectedly closed the monitor|process exited while connecting to monitor): /, '').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z /g, '').trim();
}

function remedyOf(step: LibvirtStep, message: string): string {
  if (step.kind !== 'domain-start') return '';
  if (/cannot set up guest memory|Cannot allocate memory/.test(message)) return '; the host has not that much memory free: lower spec.memory, or stop something else';
  return `; its own log is /var/log/libvirt/qemu/${step.domain.name}.log`;
}
