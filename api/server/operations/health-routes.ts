import { sendText } from '../answer/send.ts';
import type { Exchange } from '../exchange.ts';

/** One thing that must be so before the server may be sent requests. */
export interface ReadyCheck {
  readonly name: string;
  /** Throws, or rejects, with what is wrong. */
  check(): void | Promise<void>;
}

export type HealthPath = 'healthz' | 'livez' | 'readyz';

/** `/healthz`, `/livez`, `/readyz`: `ok`, or a line for each check with `?verbose` (k8s.io/apiserver `pkg/server/healthz`). */
export async function sendHealth(exchange: Exchange, path: HealthPath, checks: readonly ReadyCheck[]): Promise<void> {
  const excluded = exchange.query.getAll('exclude');
  const results = await Promise.all(checks.map((check) => resultOf(check, excluded)));
  const lines = results.map(({ line }) => `${line}\n`).join('');
  exchange.response.setHeader('Cache-Control', 'no-cache, private');
  if (results.some(({ isWell }) => !isWell)) return sendText(exchange, 500, `${lines}${path} check failed\n`);
  return sendText(exchange, 200, exchange.query.has('verbose') ? `${lines}${path} check passed\n` : 'ok');
}

/** `/readyz/NAME`: one check alone. Undefined when there is no such check. */
export function sendOneCheck(exchange: Exchange, path: HealthPath, checks: readonly ReadyCheck[], name: string): Promise<void> | undefined {
  const found = checks.filter((check) => check.name === name);
  return found.length === 0 ? undefined : sendHealth(exchange, path, found);
}

interface CheckResult {
  readonly line: string;
  readonly isWell: boolean;
}

/** Why a check failed stays in the log: whoever asks here may be anybody. */
async function resultOf(one: ReadyCheck, excluded: readonly string[]): Promise<CheckResult> {
  const { name } = one;
  if (excluded.includes(name)) return { line: `[+]${name} excluded: ok`, isWell: true };
  try {
    await one.check();
    return { line: `[+]${name} ok`, isWell: true };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { line: `[-]${name} failed: reason withheld`, isWell: false };
  }
}
