import { API_VERSION, type Manifest } from '../../api/machinery/object.ts';
import type { DriftEvent } from '../reconcile/lane-report.ts';
import type { CauseCommand, Difference } from '../systems/system.ts';
import type { Burst } from './bursts.ts';
import { splitOwner, subjectOf, systemOf, type DriftSubject } from './drift-subject.ts';

const UNKNOWN = 'Unknown';
/** As many as the CRD allows, and no more commands than a person reads. */
const MOST_DIFFERENCES = 1_000;
const MOST_COMMANDS = 50;
const LONGEST_COMMAND = 1_000;

/** A burst as one change: what its events have in common, and all that was done. */
export interface MergedBurst extends DriftSubject {
  /** The commands, one a line. */
  readonly command: string;
  readonly process: string;
  readonly user: string;
  readonly source: string;
  /** Each command by itself, oldest first. */
  readonly commands: readonly CauseCommand[];
  /** How many changes it stands for; what was mended at once counts once. */
  readonly count: number;
  /** The longest that the correction rests from now on, because the change comes back again and again; 0 for not at all. */
  readonly pauseMs: number;
}

export function mergeBurst(burst: Burst): MergedBurst {
  const { owner, object } = subjectOf(burst[0]);
  const causes = burst.flatMap(({ cause }) => cause ?? []);
  const commands = mergeCommands(causes.flatMap((cause) => cause.commands));
  const each = (texts: readonly string[]): string => [...new Set(texts)].join('\n') || UNKNOWN;
  const lines = [...new Set(commands.map(({ command }) => command))];
  return {
    owner,
    object,
    differences: mergeDifferences(burst),
    command: (lines.length > MOST_COMMANDS ? [...lines.slice(0, MOST_COMMANDS), `… and ${lines.length - MOST_COMMANDS} more`] : lines).join('\n') || UNKNOWN,
    process: each(commands.map(({ process }) => process)).slice(0, 1_024),
    user: each(causes.map(({ user }) => user)).slice(0, 256),
    source: each(causes.map(({ source }) => source)).slice(0, 64),
    commands: commands.slice(0, MOST_COMMANDS),
    count: new Set(burst.map(({ detectedAt }) => detectedAt)).size,
    pauseMs: Math.max(...burst.map(({ pauseMs = 0 }) => pauseMs)),
  };
}

/** Several differences may have come of one command. */
function mergeCommands(commands: readonly CauseCommand[]): CauseCommand[] {
  const distinct = new Map(commands.map(({ command, ...rest }) => [`${rest.at ?? ''} ${command}`, { ...rest, command: command.slice(0, LONGEST_COMMAND) }]));
  return [...distinct.values()].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

/** By path; where a path was changed several times, all that was found there. */
function mergeDifferences(burst: Burst): Difference[] {
  const byPath = new Map<string, { expected: string; founds: Set<string> }>();
  for (const { path, expected, found } of burst.flatMap((event) => subjectOf(event).differences)) {
    const known = byPath.get(path);
    if (known) known.founds.add(found);
    else byPath.set(path, { expected, founds: new Set([found]) });
  }
  const merged = [...byPath].map(([path, { expected, founds }]) => ({ path, expected, found: [...founds].join(', ') }));
  return merged.slice(0, MOST_DIFFERENCES);
}

/** The event that says how it ended; what was put back by others counts only where that is all. */
export function lastOf(burst: Burst): DriftEvent {
  return burst.findLast(({ action }) => action !== 'Superseded') ?? burst.at(-1) ?? burst[0];
}

/** The DriftReport of a burst: what was found, and who did it. `suffix` makes the name unique. */
export function driftReport(burst: Burst, hostName: string, suffix: string): Manifest {
  const { owner, object, differences, count, command, process, user, source, commands } = mergeBurst(burst);
  const [kind, name] = splitOwner(owner);
  return {
    apiVersion: API_VERSION,
    kind: 'DriftReport',
    metadata: { name: reportName(name, suffix) },
    spec: {
      hostName,
      system: systemOf(burst[0]),
      subject: { kind, name, object },
      differences: differences.map(({ path, expected, found }) => ({ path, expected, found })),
      detectedAt: timestamp(burst[0].detectedAt),
      count,
      cause: { command, process, user, source, ...(commands.length === 0 ? {} : { commands: commands.map(commandEntry) }) },
    },
  };
}

function messageOf(action: DriftEvent['action'], pauseMs: number): { readonly message?: string } {
  if (pauseMs > 0) return { message: fightMessage(pauseMs) };
  return action === 'Superseded' ? { message: 'it was as desired again before anything had to be done' } : {};
}

function commandEntry({ command, process, at }: CauseCommand): object {
  return { command, process: process.slice(0, 1_024), ...(at === undefined ? {} : { time: timestamp(at) }) };
}

/** What became of the drift; DriftReports, too, have status behind its own subresource. The latency is the longest of the burst. */
export function driftStatus(burst: Burst, receiverNames: readonly string[]): object {
  const { owner, command, pauseMs } = mergeBurst(burst);
  const { action, correctedAt } = lastOf(burst);
  const latencies = burst.flatMap((event) => (event.correctedAt === undefined ? [] : [event.correctedAt - event.detectedAt]));
  return {
    action,
    ...messageOf(action, pauseMs),
    ...(correctedAt === undefined ? {} : { correctedAt: timestamp(correctedAt), latencyMilliseconds: Math.max(...latencies) }),
    ...(receiverNames.length === 0 ? {} : { alerts: receiverNames.map((receiverName) => ({ receiverName, state: 'Pending' })) }),
    summary: { subject: owner, by: programOf(command) },
  };
}

/** For a column: the program of the first command, without folder and arguments; the whole command is in spec.cause. */
function programOf(command: string): string {
  const [word = ''] = command.trim().split(/\s/);
  return (word.split('/').at(-1) || UNKNOWN).slice(0, 256);
}

/** One line for people: what was found where, who did it, how often, and what was done about it. */
export function describeBurst(burst: Burst): string {
  const { object, differences, count, command, pauseMs } = mergeBurst(burst);
  const found = differences.map(({ path, expected, found: value }) => `${path} was ${value || 'absent'}, expected ${expected || 'absent'}`);
  const by = command === UNKNOWN ? '' : `, by "${command.split('\n').join('", "')}"`;
  const times = count === 1 ? '' : ` (${count} times)`;
  return `${object}: ${found.join('; ')}${times}${by}${pauseMs === 0 ? '' : `; ${fightMessage(pauseMs)}`}`;
}

function fightMessage(pauseMs: number): string {
  return `it comes back again and again: something else wants it otherwise, so it is corrected only every ${pauseMs / 1000} s; stop the other, or set spec.driftPolicy: Report`;
}

function reportName(subject: string, suffix: string): string {
  const longest = 253 - suffix.length - 1;
  return `${subject.slice(0, longest)}-${suffix}`;
}

/** RFC 3339 with milliseconds, as metav1.MicroTime reads it. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
