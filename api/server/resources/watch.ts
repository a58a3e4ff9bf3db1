import { ApiError, notAcceptable } from '../../machinery/api-error.ts';
import type { ResourceType, WatchOptions, WatchSink } from '../../registry/contract.ts';
import type { ResourceExchange } from '../exchange.ts';
import { representation } from '../request/accept.ts';
import { watchOptions, watchSeconds } from '../request/list-options.ts';
import { namespaceFor } from './resource-index.ts';
import type { ResourceServer } from './resource-server.ts';
import { includeObject } from './send-stored.ts';
import type { WatchLines } from './watch-lines.ts';
import { watchLines } from './watch-lines.ts';
import type { WatchStream } from './watch-stream.ts';
import { watchStream } from './watch-stream.ts';

/** Spread out, so that clients that came together do not come back together (kube-apiserver's --min-request-timeout). */
const TIMEOUT_MINIMUM_SECONDS = 1800;

/** Longer than any client keeps a watch; a timer of Node.js takes no more than 24 days. */
const TIMEOUT_MAXIMUM_SECONDS = 86_400;

/** GET of a collection with `watch`: answers until the client goes, its time is over, or the watch can't go on. */
export function watch(server: ResourceServer, exchange: ResourceExchange, type: ResourceType): Promise<void> {
  const { encoding, as } = representation(exchange.request.headers.accept);
  if (encoding === 'yaml') throw notAcceptable(['application/json', 'application/json;stream=watch']);
  const seconds = watchSeconds(exchange.query) ?? TIMEOUT_MINIMUM_SECONDS * (1 + Math.random());
  const options = watchOptions(exchange.query, namespaceFor(type, exchange.info), exchange.info.selectedName);
  const lines = watchLines({ type, as, includeObject: includeObject(exchange.query), clock: server.clock });
  const stream = watchStream({ response: exchange.response, clock: server.clock });
  const sink = sinkOf(exchange, lines, stream);
  const stop = follow(server, type, options, sink);
  sink.started();
  return untilClosed(server, exchange, { seconds, stream, stop });
}

/** A compacted revision is told inside the stream, as kube-apiserver's watch cache does; every other refusal is an answer. */
function follow(server: ResourceServer, type: ResourceType, options: WatchOptions, sink: WatchSink): () => void {
  try {
    return server.registry.watch(type, options, sink);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 410) throw error;
    sink.failed(error);
    return () => undefined;
  }
}

function sinkOf({ response }: ResourceExchange, lines: WatchLines, stream: WatchStream): WatchSink & { started(): void } {
  const start = (): void => {
    if (response.headersSent) return;
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
    response.flushHeaders();
  };
  return {
    started() {
      start();
      stream.initialStateWritten();
    },
    event({ type, object, bytes }) {
      start();
      stream.write(lines.event(type, object, bytes));
    },
    bookmark(revision, initial) {
      start();
      stream.write(lines.bookmark(revision, initial));
    },
    failed(error) {
      start();
      stream.write(lines.error(error));
      stream.end();
    },
  };
}

interface Watching {
  readonly seconds: number;
  readonly stream: WatchStream;
  readonly stop: () => void;
}

/** Resolves when the answer is over, whoever ended it. */
function untilClosed(server: ResourceServer, { response }: ResourceExchange, { seconds, stream, stop }: Watching): Promise<void> {
  const cancelTimeout = server.clock.after(Math.min(seconds, TIMEOUT_MAXIMUM_SECONDS) * 1000, () => stream.end());
  const forget = server.watches.add(() => stream.end());
  return new Promise((resolve) => {
    const closed = (): void => {
      cancelTimeout();
      forget();
      stop();
      resolve();
    };
    if (response.closed) closed();
    else response.once('close', closed);
  });
}
