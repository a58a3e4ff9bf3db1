import type { MessagePort } from 'node:worker_threads';
import { GatheringPort } from './gathering-port.ts';
import type { InProcessClient } from './in-process-client.ts';
import { errorText, type ClientCalls, type ThreadReply, type ThreadRequest } from './thread-messages.ts';

/** Answers a `ThreadClient` in another thread. Returns the way to stop. */
export function serveThread(port: MessagePort, client: InProcessClient): () => void {
  const watches = new Map<number, () => void>();
  const replies = new GatheringPort<ThreadReply, ThreadRequest>(port, (request) => {
    switch (request.type) {
      case 'call':
        return void answer(request);
      case 'watch':
        return watch(request);
      case 'unwatch':
        return end(request.id);
    }
  });

  async function answer({ id, method, args }: Extract<ThreadRequest, { type: 'call' }>): Promise<void> {
    try {
      replies.post(await answerOf(id, method, JSON.parse(args)));
    } catch (error) {
      replies.post({ type: 'failed', id, error: errorText(error) });
    }
  }

  async function answerOf(id: number, method: keyof ClientCalls, args: unknown): Promise<ThreadReply> {
    // The other side is a ThreadClient: these are the arguments of this very method.
    if (method === 'list') {
      const { items, resourceVersion } = client.listStored(...(args as Parameters<ClientCalls['list']>));
      return { type: 'listed', id, items: items.map(({ bytes }) => bytes.toString('utf8')), resourceVersion };
    }
    const call = client[method].bind(client) as (...given: readonly unknown[]) => Promise<unknown>;
    return { type: 'result', id, result: await call(...(args as readonly unknown[])) };
  }

  function watch({ id, kind, resourceVersion }: Extract<ThreadRequest, { type: 'watch' }>): void {
    const stop = client.watchStored(kind, resourceVersion, {
      event: (event, { bytes }) => replies.post({ type: 'event', id, event, object: bytes.toString('utf8') }),
      ended: (reason) => {
        watches.delete(id);
        if (reason !== undefined) replies.post({ type: 'ended', id, error: errorText(reason) });
      },
    });
    watches.set(id, stop);
  }

  function end(id: number): void {
    watches.get(id)?.();
    watches.delete(id);
  }

  return () => {
    for (const id of [...watches.keys()]) end(id);
    replies.close();
  };
}
