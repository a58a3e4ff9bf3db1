import { UsageError } from '../errors.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds of a duration as Go writes it (`90s`, `1m30s`, `500ms`, `-1s`), with `d` for days; a bare number is seconds.
 * Throws UsageError.
 */
export function parseDurationMs(text: string, option: string): number {
  const bare = /^-?\d+(\.\d+)?$/.exec(text);
  if (bare) return Number(text) * 1000;
  const sign = text.startsWith('-') ? -1 : 1;
  const rest = text.replace(/^[-+]/, '');
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(rest)) {
    throw new UsageError(`${option} ${text} is no duration. Write it like 30s, 5m or 1h30m.`);
  }
  let totalMs = 0;
  for (const [, amount, unit] of rest.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    totalMs += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return sign * totalMs;
}

/** A duration for people, in the one or two units that matter: `45s`, `5m10s`, `3h`, `12d`. */
export function humanDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return withRest(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  return withRest(Math.floor(days / 365), 'y', days % 365, 'd');
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${restUnit}`;
}
