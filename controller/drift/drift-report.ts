import { API_VERSION, type Manifest } from '../../api/machinery/object.ts';
import type { DriftEvent } from '../reconcile/lane-report.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { Difference } from '../systems/system.ts';

const UNKNOWN = 'Unknown';

/** What one drift event is about, in one form for steps and findings. */
export interface DriftSubject {
  readonly owner: OwnerKey;
  readonly object: string;
  readonly differences: readonly Difference[];
}

export function subjectOf({ subject }: DriftEvent): DriftSubject {
  if (subject.kind === 'step') return subject.step;
  const { owner, object, difference } = subject.finding;
  return { owner, object, differences: [difference] };
}

/** The DriftReport of an event: what was found, and who did it. `suffix` makes the name unique. */
export function driftReport(event: DriftEvent, hostName: string, suffix: string): Manifest {
  const { owner, object, differences } = subjectOf(event);
  const [kind = '', name = ''] = splitOwner(owner);
  const { cause } = event;
  return {
    apiVersion: API_VERSION,
    kind: 'DriftReport',
    metadata: { name: reportName(name, suffix) },
    spec: {
      hostName,
      system: event.system,
      subject: { kind, name, object },
      differences: differences.map(({ path, expected, found }) => ({ path, expected, found })),
      detectedAt: timestamp(event.detectedAt),
      count: 1,
      cause: {
        command: cause?.command ?? UNKNOWN,
        process: cause?.process ?? UNKNOWN,
        user: cause?.user ?? UNKNOWN,
        source: cause?.source ?? UNKNOWN,
      },
    },
  };
}

/** What became of the drift; DriftReports, too, have status behind its own subresource. */
export function driftStatus(event: DriftEvent): unknown {
  const { owner } = subjectOf(event);
  return {
    action: event.action,
    ...(event.correctedAt === undefined ? {} : { correctedAt: timestamp(event.correctedAt), latencyMilliseconds: event.correctedAt - event.detectedAt }),
    summary: { subject: owner, by: event.cause?.command ?? UNKNOWN },
  };
}

/** One line for an Event: what was found where, who did it, and what was done about it. */
export function driftMessage(event: DriftEvent): string {
  const { object, differences } = subjectOf(event);
  const found = differences.map(({ path, expected, found: value }) => `${path} was ${value || 'absent'}, expected ${expected || 'absent'}`);
  const by = event.cause ? `, by "${event.cause.command}"` : '';
  return `${object}: ${found.join('; ')}${by}`;
}

function reportName(subject: string, suffix: string): string {
  const longest = 253 - suffix.length - 1;
  return `${subject.slice(0, longest)}-${suffix}`;
}

function splitOwner(owner: OwnerKey): string[] {
  const slash = owner.indexOf('/');
  return [owner.slice(0, slash), owner.slice(slash + 1)];
}

/** RFC 3339 with milliseconds, as metav1.MicroTime reads it. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
