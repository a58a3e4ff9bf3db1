import { numberAt, objectsAt, textAt, type JsonObject } from '../api/json.ts';
import { humanDuration } from '../arguments/duration.ts';
import type { Command } from '../command.ts';
import { CommandError, UsageError } from '../errors.ts';
import { jsonText, listObject, withoutManagedFields, yamlText } from '../output/object-text.ts';
import { harmless, type Paint } from '../output/paint.ts';
import { paintState } from '../output/table.ts';
import { indented, PAGE_WIDTH } from '../output/wrap.ts';
import type { Session } from '../session.ts';
import { readTargets } from '../targets.ts';

const SINCE = '24h';
const MOST_DIFFERENCES = 5;

export const drift: Command = {
  usage: '[KIND/NAME]',
  description:
    'Shows what was changed behind Bridgekeeper\'s back, the latest at the end: what, what it should be, who did ' +
    'it, and what became of it.',
  examples: [
    ['The last day', 'bridgectl drift'],
    ['What became of one port', 'bridgectl drift vlanport/vnet100 --since 30d'],
    ['One report in full', 'bridgectl describe driftreport vnet100-mws0pp07539ddd'],
  ],
  options: {
    since: { type: 'text', value: 'TIME', otherwise: SINCE, help: 'how far back: 30m, 24h, 7d; 0 is all there is' },
    output: { type: 'text', short: 'o', value: 'json|yaml', otherwise: 'for people', help: 'the DriftReports as data' },
  },
  async run(session, positionals) {
    const output = session.flags.word('output', ['json', 'yaml']);
    const reports = await reportsFor(session, positionals);
    if (output !== undefined) {
      const list = listObject(reports.map(withoutManagedFields));
      session.surroundings.stdout.write(output === 'json' ? jsonText(list) : await yamlText(list));
    } else if (reports.length === 0) session.note(`Nothing was changed behind our back in the last ${session.flags.text('since') ?? SINCE}.`);
    else printReports(session, reports);
  },
};

async function reportsFor(session: Session, positionals: readonly string[]): Promise<JsonObject[]> {
  const [type] = await (await session.kinds()).named('driftreport');
  if (type === undefined) throw new CommandError('the server keeps no DriftReports.');
  const subjects = await subjectsOf(session, positionals);
  const sinceMs = session.flags.durationMs('since') ?? 24 * 3_600_000;
  const oldest = sinceMs === 0 ? 0 : session.surroundings.clock.now() - sinceMs;
  const list = await (await session.api()).list(type, {});
  return objectsAt(list, 'items')
    .map((report): JsonObject => ({ apiVersion: textAt(list, 'apiVersion') ?? '', kind: type.kind, ...report }))
    .filter((report) => detectedMs(report) >= oldest && (subjects === undefined || subjects.has(subjectOf(report))))
    .sort((left, right) => detectedMs(left) - detectedMs(right));
}

async function subjectsOf(session: Session, positionals: readonly string[]): Promise<ReadonlySet<string> | undefined> {
  if (positionals.length === 0) return undefined;
  const targets = await readTargets(session, positionals);
  if (targets.by === 'kind') throw new UsageError('which resource? bridgectl drift KIND/NAME.');
  return new Set(targets.targets.map(({ type, name }) => `${type.kind}/${name}`));
}

function printReports(session: Session, reports: readonly JsonObject[]): void {
  const nowMs = session.surroundings.clock.now();
  for (const report of reports) for (const line of reportLines(report, nowMs, session.paint)) session.print(line);
  const open = reports.filter((report) => textAt(report, 'status', 'action') === 'Reported').length;
  const kept = open === 0 ? '' : `, ${open} of them left as found (driftPolicy Report)`;
  session.print(`${reports.length} ${reports.length === 1 ? 'report' : 'reports'}${kept}.`);
}

function reportLines(report: JsonObject, nowMs: number, paint: Paint): string[] {
  const differences = objectsAt(report, 'spec', 'differences');
  const more = differences.length - MOST_DIFFERENCES;
  const age = humanDuration(nowMs - detectedMs(report));
  const count = numberAt(report, 'spec', 'count') ?? 1;
  const head = `${age} ago  ${harmless(subjectOf(report))}  ${outcome(report, paint)}${count > 1 ? `, ${count} times` : ''}`;
  return [
    head,
    ...differences.slice(0, MOST_DIFFERENCES).flatMap(differenceLines),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...causeLines(report),
    ...indentedMessage(report),
    '',
  ];
}

/** `Corrected in 7 ms` */
function outcome(report: JsonObject, paint: Paint): string {
  const action = textAt(report, 'status', 'action') ?? 'Unknown';
  const latencyMs = numberAt(report, 'status', 'latencyMilliseconds');
  return paintState(paint, action) + (latencyMs === undefined ? '' : ` in ${latencyMs < 10_000 ? `${latencyMs} ms` : humanDuration(latencyMs)}`);
}

function differenceLines(difference: JsonObject): string[] {
  const [path, found, expected] = ['path', 'found', 'expected'].map((field) => harmless(textAt(difference, field) ?? ''));
  const line = `  ${path}: ${found || '(none)'}, expected ${expected || '(none)'}`;
  if (line.length <= PAGE_WIDTH) return [line];
  return [`  ${path}:`, ...indented('    found    ', found || '(none)'), ...indented('    expected ', expected || '(none)')];
}

function causeLines(report: JsonObject): string[] {
  const command = textAt(report, 'spec', 'cause', 'command') ?? 'Unknown';
  if (command === 'Unknown') return ['  by: unknown'];
  const process = textAt(report, 'spec', 'cause', 'process')?.split('\n')[0];
  const user = textAt(report, 'spec', 'cause', 'user');
  const who = [process, user].filter((word) => word !== undefined && word !== '' && word !== 'Unknown').join(', ');
  const [first = '', ...others] = command.split('\n');
  const rest = others.length === 0 ? '' : `, and ${others.length} more`;
  return indented('  by: ', `${harmless(first)}${who === '' ? '' : ` (${harmless(who)})`}${rest}`);
}

function indentedMessage(report: JsonObject): string[] {
  const message = textAt(report, 'status', 'message');
  return message === undefined ? [] : indented('  ', harmless(message));
}

function subjectOf(report: JsonObject): string {
  return `${textAt(report, 'spec', 'subject', 'kind') ?? ''}/${textAt(report, 'spec', 'subject', 'name') ?? ''}`;
}

function detectedMs(report: JsonObject): number {
  const at = Date.parse(textAt(report, 'spec', 'detectedAt') ?? textAt(report, 'metadata', 'creationTimestamp') ?? '');
  return Number.isNaN(at) ? 0 : at;
}
