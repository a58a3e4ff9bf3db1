import { once } from 'node:events';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';

/** A connection to QEMU's monitor (docs/interop/qmp-spec.rst in QEMU's sources). */
export interface Qmp extends Disposable {
  /** Carries out one command and gives what it returned; throws with QEMU's words when it refuses. */
  run(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export async function connectQmp(path: string): Promise<Qmp> {
  const socket = createConnection(path);
  await once(socket, 'connect');
  const waiting: PromiseWithResolvers<unknown>[] = [];
  createInterface({ input: socket }).on('line', (line) => {
    const message: unknown = JSON.parse(line);
    if (typeof message !== 'object' || message === null) return;
    if ('error' in message) waiting.shift()?.reject(new Error(`QEMU: ${JSON.stringify(message.error)}`));
    else if ('return' in message) waiting.shift()?.resolve(message.return);
  });
  socket.on('close', () => {
    for (const each of waiting.splice(0)) each.reject(new Error('QEMU closed its monitor'));
  });
  const run: Qmp['run'] = (command, args = {}) => {
    const answer = Promise.withResolvers<unknown>();
    waiting.push(answer);
    socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    return answer.promise;
  };
  await run('qmp_capabilities');
  return { run, [Symbol.dispose]: () => void socket.destroy() };
}
