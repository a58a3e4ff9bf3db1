import { parseArgs } from 'node:util';
import { serveConfig, UsageError } from './config.ts';
import type { HealthCheck } from './queries/diagnose/check.ts';
import { examine } from './queries/diagnose/diagnose.ts';
import { NO_EXPECTATIONS } from './queries/diagnose/expectations.ts';
import { Machine } from './queries/diagnose/machine.ts';
import { systemExec } from './systems/exec.ts';

export const DOCTOR_USAGE = `
       bridgekeeper doctor [options of serve] [--quiet] [--output json]

Looks at each thing that would stop it on this machine, and shows the line that mends it. Changes nothing, needs no server.
`;

const MARKS: Readonly<Record<HealthCheck['result'], string>> = { Passed: 'ok  ', Warning: 'warn', Failed: 'FAIL' };
const OWN_OPTIONS = { output: { type: 'string', short: 'o' }, quiet: { type: 'boolean', short: 'q', default: false } } as const;

/** Examines this machine and prints what came of it; answers the exit code. Throws UsageError. */
export async function doctor(args: readonly string[], print: (text: string) => void): Promise<number> {
  const { values, tokens } = parseArgs({ args: [...args], options: OWN_OPTIONS, strict: false, tokens: true });
  if (values.output !== undefined && values.output !== 'json') throw new UsageError(`--output ${String(values.output)}: must be json`);
  const others = args.filter((_, index) => !tokens.some((token) => token.kind === 'option' && Object.hasOwn(OWN_OPTIONS, token.name) && isAt(token, index)));
  const config = serveConfig(others);
  const checks = await examine(new Machine({ exec: systemExec, root: config.netplanRoot }), config, NO_EXPECTATIONS);
  print(values.output === 'json' ? `${JSON.stringify({ checks }, null, 2)}\n` : report(checks, values.quiet === true));
  return checks.some(({ result }) => result === 'Failed') ? 1 : 0;
}

/** The word of an option, and the one after it where that is its value. */
function isAt(token: { readonly index: number; readonly value?: string | undefined; readonly inlineValue?: boolean | undefined }, index: number): boolean {
  return index === token.index || (token.value !== undefined && token.inlineValue === false && index === token.index + 1);
}

/** In lines that leave room for the name before them on a page of 80 characters. */
function wrapped(text: string): string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= 53) return [...lines.slice(0, -1), `${last} ${word}`];
    return [...lines, word];
  }, []);
}

function report(checks: readonly HealthCheck[], isQuiet: boolean): string {
  const shown = checks.filter(({ result }) => !isQuiet || result !== 'Passed');
  const lines = shown.flatMap(({ name, result, message, remedy }) => [
    ...wrapped(message).map((line, index) => (index === 0 ? `${MARKS[result]}  ${name.padEnd(21)}` : ' '.repeat(27)) + line),
    ...(remedy === undefined ? [] : [`${' '.repeat(27)}mend: ${remedy}`]),
  ]);
  const count = (wanted: HealthCheck['result']): number => checks.filter(({ result }) => result === wanted).length;
  const total = `${checks.length} checks: ${count('Failed')} failed, ${count('Warning')} ${count('Warning') === 1 ? 'warning' : 'warnings'}.`;
  return `${[...lines, ...(lines.length === 0 ? [] : ['']), total].join('\n')}\n`;
}
