import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { SwitchRequest } from './far-switch-request.ts';

/** A ping that goes on until it is stopped. */
export interface Pinging {
  /** Ends it and gives the count; `mac` is where the pings went at the end. */
  stop(): Promise<{ readonly sent: number; readonly lost: number; readonly longestGapMs: number; readonly mac?: string }>;
}

/** Asks the far switch, and gives its answer. Throws with its words when it refuses. */
export async function askSwitch(controlPath: string, request: SwitchRequest): Promise<unknown> {
  return answerOf(openRequest(controlPath, request));
}

/** Has a machine behind the far switch ping an address of the host. */
export function startPinging(controlPath: string, request: Extract<SwitchRequest, { command: 'ping' }>): Pinging {
  const connection = openRequest(controlPath, request);
  return {
    async stop() {
      connection.end();
      const count = await answerOf(connection);
      if (!isCount(count)) throw new Error(`the far switch answered ${JSON.stringify(count)}`);
      return count;
    },
  };
}

/** Opens a connection with a request on it; it lasts until one side ends it. */
export function openRequest(controlPath: string, request: SwitchRequest): Socket {
  const connection = createConnection({ path: controlPath, allowHalfOpen: true });
  connection.write(`${JSON.stringify(request)}\n`);
  return connection;
}

async function answerOf(connection: Socket): Promise<unknown> {
  const answer: unknown = JSON.parse(await text(connection));
  connection.end();
  if (typeof answer === 'object' && answer !== null && 'error' in answer) throw new Error(String(answer.error));
  return answer;
}

function isCount(value: unknown): value is Awaited<ReturnType<Pinging['stop']>> {
  return (
    typeof value === 'object' && value !== null && ['sent', 'lost', 'longestGapMs'].every((key) => key in value)
  );
}
