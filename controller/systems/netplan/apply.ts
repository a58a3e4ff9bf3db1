import { ExecFailed } from '../exec.ts';
import { SystemUnreachable } from '../system.ts';
import type { Refusal, StepOutcome } from '../system.ts';
import { changeFile, checkAhead } from './change-file.ts';
import type { FileTools } from './change-file.ts';
import { renameNic } from './rename-nic.ts';
import { repairKernel } from './repair-kernel.ts';
import type { FileStep, KernelStep, NetplanStep, RenameStep, ResolverStep, StanzaStep } from './step.ts';

type Outcome = StepOutcome<NetplanStep>;

const NETWORKD_MANAGER = ['org.freedesktop.network1', '/org/freedesktop/network1', 'org.freedesktop.network1.Manager'] as const;
const RESOLVER_TIMEOUT_MS = 10_000;

/**
 * Carries out the steps of a plan: all that change our file in one write, then names, then what single devices lack in the
 * kernel. One outcome a step. Throws `SystemUnreachable` when netplan or ip can't be run.
 */
export async function applySteps(steps: readonly NetplanStep[], tools: FileTools): Promise<readonly Outcome[]> {
  try {
    return [
      ...(await applyFileSteps(steps.filter(isFileStep), tools)),
      ...(await applyRenames(steps.filter((step) => step.kind === 'rename'), tools)),
      ...(await applyResolverSteps(steps.filter((step) => step.kind === 'resolver'), tools)),
      ...(await applyKernelSteps(steps.filter((step) => step.kind === 'kernel'), tools)),
    ];
  } catch (error) {
    if (error instanceof ExecFailed) throw new SystemUnreachable('netplan', 'NetplanUnavailable', error.message, { cause: error });
    throw error;
  }
}

/** Has netplan check ahead what steps would come to that wait for another system. Changes nothing. */
export async function prepareSteps(steps: readonly NetplanStep[], tools: FileTools): Promise<void> {
  for (const [, group] of Map.groupBy(steps.filter(isFileStep), ({ file }) => file.path)) await checkAhead(group, tools);
}

function isFileStep(step: NetplanStep): step is StanzaStep | FileStep {
  return step.kind === 'stanza' || step.kind === 'file';
}

async function applyFileSteps(steps: readonly (StanzaStep | FileStep)[], tools: FileTools): Promise<readonly Outcome[]> {
  const byPath = Map.groupBy(steps, ({ file }) => file.path);
  const outcomes: Outcome[] = [];
  for (const [, group] of byPath) outcomes.push(...(await changeFile(group, tools)));
  return outcomes;
}

async function applyRenames(steps: readonly RenameStep[], tools: FileTools): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    const failure = await renameNic(step.presentName, step.device, tools);
    outcomes.push(failure === undefined ? { step, result: 'applied' } : failed(step, `${step.presentName} could not be renamed to ${step.device}: ${failure}`, true));
  }
  return outcomes;
}

async function applyResolverSteps(steps: readonly ResolverStep[], { exec }: FileTools): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    // org.freedesktop.network1(5): it is networkd that tells the resolver, and that keeps what somebody told it in between.
    const argv = ['busctl', 'call', ...NETWORKD_MANAGER, 'RevertLinkDNS', 'i', String(step.index)] as const;
    const { code, stderr } = await exec.run(argv, { timeoutMs: RESOLVER_TIMEOUT_MS });
    outcomes.push(code === 0 ? { step, result: 'applied' } : failed(step, `networkd refused it: ${stderr.trim()}`, false));
  }
  return outcomes;
}

async function applyKernelSteps(steps: readonly KernelStep[], tools: FileTools): Promise<readonly Outcome[]> {
  if (steps.length === 0) return [];
  const failures = await repairKernel(steps.map(({ repair }) => repair), tools);
  return steps.map((step) => {
    const failure = failures.get(step.repair);
    return failure === undefined ? { step, result: 'applied' } : failed(step, `the kernel refused it: ${failure}`, false);
  });
}

function failed(step: NetplanStep, message: string, needsPerson: boolean): Outcome {
  const refusal: Refusal = { owner: step.owner, reason: 'NetplanRefused', message, needsPerson };
  return { step, result: 'failed', refusal };
}
