import type { HostSpec } from '../../api/generated/kinds.ts';

/** On a Host: the checkpoint that a person confirms. */
export const CONFIRM_ANNOTATION = 'bridgekeeper.dev/confirm';

/** How a host wants to be guarded. */
export interface GuardPolicy {
  readonly enabled: boolean;
  readonly timeoutMs: number;
  /** Undefined: a person is asked only where nothing could be probed. */
  readonly confirmTimeoutMs: number | undefined;
  readonly probes: NonNullable<HostSpec['rollback']>['probes'];
  /** The same text for the same policy. */
  readonly text: string;
}

const TIMEOUT_SECONDS = 30;
/** Where nothing could be probed and nobody said how long a person has. */
export const UNASKED_CONFIRM_TIMEOUT_MS = 120_000;

/** The policy of a Host, with the defaults of its CRD; a Host that is not known yet has them all. */
export function guardPolicy(rollback: HostSpec['rollback']): GuardPolicy {
  const { enabled = true, timeoutSeconds = TIMEOUT_SECONDS, confirmTimeoutSeconds, probes } = rollback ?? {};
  return {
    enabled,
    timeoutMs: timeoutSeconds * 1_000,
    confirmTimeoutMs: confirmTimeoutSeconds === undefined ? undefined : confirmTimeoutSeconds * 1_000,
    probes,
    text: JSON.stringify([enabled, timeoutSeconds, confirmTimeoutSeconds ?? null, probes ?? []]),
  };
}
