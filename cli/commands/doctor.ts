import { objectsAt, textAt, type JsonObject } from '../api/json.ts';
import type { Command } from '../command.ts';
import { ConnectionError } from '../connection/connection-error.ts';
import { AlreadyReported, CommandError, UsageError } from '../errors.ts';
import { askHost, QUERY_OPTIONS } from '../host-query.ts';
import { jsonText, yamlText } from '../output/object-text.ts';
import { harmless, type Paint } from '../output/paint.ts';
import { indented } from '../output/wrap.ts';
import type { Session } from '../session.ts';

export const doctor: Command = {
  usage: '',
  description:
    'Looks at each thing that would stop Bridgekeeper on its host - packages, sockets, rights, kernel modules, ' +
    'others who want the same devices, IPv6, the clock, disk space, versions - and shows the line that mends it.\n' +
    'Nothing is changed. Without a running server, look at this machine: --local.\n' +
    'Exit codes: 0 nothing failed, 1 something did.',
  examples: [
    ['The host that the server keeps', 'bridgectl doctor'],
    ['This machine, before or without a server', 'sudo bridgectl doctor --local'],
    ['For a program', 'bridgectl doctor -o json'],
  ],
  options: {
    local: { type: 'switch', help: 'this machine, with no server: runs bridgekeeper doctor' },
    quiet: { type: 'switch', short: 'q', help: 'only what failed or warns' },
    output: { type: 'text', short: 'o', value: 'json|yaml', otherwise: 'for people', help: 'the checks as data' },
    ...QUERY_OPTIONS,
  },
  async run(session, positionals) {
    if (positionals.length > 0) throw new UsageError('doctor takes no names.');
    if (session.flags.on('local')) return examineLocally(session);
    const output = session.flags.word('output', ['json', 'yaml']);
    const checks = await checksOfHost(session);
    const whole = { checks };
    if (output === 'json') session.surroundings.stdout.write(jsonText(whole));
    else if (output === 'yaml') session.surroundings.stdout.write(await yamlText(whole));
    else printChecks(session, checks);
    if (checks.some(({ result }) => result === 'Failed')) throw new AlreadyReported();
  },
};

async function checksOfHost(session: Session): Promise<JsonObject[]> {
  try {
    const { status } = await askHost(session, { type: 'Diagnose' }, 'examining the host');
    return objectsAt(status, 'checks');
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    throw new CommandError([...error.lines, 'Without a server, look at the machine itself: sudo bridgectl doctor --local'], { cause: error });
  }
}

async function examineLocally(session: Session): Promise<void> {
  const output = session.flags.text('output');
  const args = ['doctor', ...(output === undefined ? [] : ['--output', output]), ...(session.flags.on('quiet') ? ['--quiet'] : [])];
  const code = await session.surroundings.runProgram('bridgekeeper', args);
  if (code === undefined) throw new CommandError('bridgekeeper is not installed here, or not on the PATH: apt install bridgekeeper');
  if (code !== 0) throw new AlreadyReported();
}

const MARKS: Readonly<Record<string, string>> = { Passed: 'ok  ', Warning: 'warn', Failed: 'FAIL' };

function printChecks(session: Session, checks: readonly JsonObject[]): void {
  const shown = session.flags.on('quiet') ? checks.filter(({ result }) => result !== 'Passed') : checks;
  for (const check of shown) for (const line of checkLines(check, session.paint)) session.print(line);
  const count = (result: string): number => checks.filter((check) => check['result'] === result).length;
  if (shown.length > 0) session.print('');
  session.print(`${checks.length} checks: ${count('Failed')} failed, ${count('Warning')} ${count('Warning') === 1 ? 'warning' : 'warnings'}.`);
}

function checkLines(check: JsonObject, paint: Paint): string[] {
  const result = textAt(check, 'result') ?? '';
  const mark = MARKS[result] ?? '?   ';
  const painted = result === 'Passed' ? paint.good(mark) : result === 'Failed' ? paint.bad(mark) : paint.doubtful(mark);
  const [first = '', ...rest] = indented(`${mark}  ${(textAt(check, 'name') ?? '').padEnd(21)}`, harmless(textAt(check, 'message') ?? ''));
  const remedy = textAt(check, 'remedy');
  return [painted + first.slice(mark.length), ...rest, ...(remedy === undefined ? [] : [`${' '.repeat(27)}mend: ${harmless(remedy)}`])];
}
