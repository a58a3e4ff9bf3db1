import type { ObservedDomain } from '../observed.ts';

/** virDomainShutoffReason, by number (libvirt-domain.h). */
const SHUTOFF = ['unknown', 'shutdown', 'destroyed', 'crashed', 'migrated', 'saved', 'failed', 'from-snapshot', 'daemon'] as const;

/** virDomainPausedReason, by number. */
const PAUSED = [
  'unknown', 'user', 'migration', 'save', 'dump', 'ioerror', 'watchdog', 'from-snapshot', 'shutting-down', 'snapshot', 'crashed',
  'starting-up', 'postcopy', 'postcopy-failed', 'api-error',
] as const;

/** virDomainCrashedReason, by number. */
const CRASHED = ['unknown', 'panicked'] as const;

/** Why a domain is in its state, in libvirt's words; empty for a state whose reason is of no use to us. */
export function stateReason(state: ObservedDomain['state'], reason: number): string {
  switch (state) {
    case 'shutoff':
      return SHUTOFF[reason] ?? 'unknown';
    case 'paused':
      return PAUSED[reason] ?? 'other';
    case 'crashed':
      return CRASHED[reason] ?? 'unknown';
    default:
      return '';
  }
}
