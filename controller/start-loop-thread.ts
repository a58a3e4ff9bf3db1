import { once } from 'node:events';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { InProcessClient } from './client/in-process-client.ts';
import { serveThread } from './client/thread-server.ts';
import type { ServeConfig } from './config.ts';

export interface LoopThreadData {
  readonly config: ServeConfig;
  /** The way to the API's thread. */
  readonly clientPort: MessagePort;
}

export type ToLoopThread = { readonly type: 'stop' } | { readonly type: 'metrics'; readonly id: number };
export type FromLoopThread = { readonly type: 'started' } | { readonly type: 'metrics'; readonly id: number; readonly text: string };

export interface LoopThread {
  /** What the loop counts, in Prometheus' text format. */
  metrics(): Promise<string>;
  /** Rejects with the reason when the thread dies; never resolves. */
  readonly died: Promise<never>;
  /** Lets the passes under way end. */
  stop(): Promise<void>;
}

/** The built program lies beside the built daemon; from the sources it is this very folder's file. */
const PROGRAM = import.meta.url.endsWith('.ts') ? './loop-thread.ts' : './bridgekeeper-loop.mjs';

/** Starts the loop in a thread of its own and resolves once it keeps the host. Rejects with why it can not. */
export async function startLoopThread(config: ServeConfig, client: InProcessClient): Promise<LoopThread> {
  const { port1, port2 } = new MessageChannel();
  const stopServing = serveThread(port1, client);
  const data: LoopThreadData = { config, clientPort: port2 };
  const worker = new Worker(new URL(PROGRAM, import.meta.url), { workerData: data, transferList: [port2] });
  const asked = new Map<number, (text: string) => void>();
  let lastId = 0;
  let isStopping = false;
  let isOver = false;
  let begun = (): void => undefined;
  const started = new Promise<void>((resolve) => (begun = resolve));
  const died = new Promise<never>((_resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => {
      isOver = true;
      if (!isStopping) reject(new Error(`the thread of the loop ended with ${code}`));
    });
  });
  worker.on('message', (message: FromLoopThread) => {
    if (message.type === 'started') return begun();
    asked.get(message.id)?.(message.text);
    asked.delete(message.id);
  });
  await Promise.race([started, died]);
  // Whoever waits for `died` hears of it; where nobody does, it is no unhandled rejection.
  died.catch(() => undefined);
  return {
    died,
    metrics() {
      const id = (lastId += 1);
      tell({ type: 'metrics', id });
      return new Promise((resolve) => asked.set(id, resolve));
    },
    async stop() {
      isStopping = true;
      tell({ type: 'stop' });
      if (!isOver) await once(worker, 'exit');
      stopServing();
    },
  };

  function tell(message: ToLoopThread): void {
    worker.postMessage(message);
  }
}
