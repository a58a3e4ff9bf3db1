// The thread of the loop: what keeps the host, apart from what serves the API, so that neither waits for the other.
import { setPriority } from 'node:os';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { Registry as MetricsRegistry } from 'prom-client';
import { ThreadClient } from './client/thread-client.ts';
import { keepHost, type Stop } from './keep-host.ts';
import { openLog } from './log.ts';
import type { FromLoopThread, LoopThreadData, ToLoopThread } from './start-loop-thread.ts';

/** As Open vSwitch's own daemons have it: a repair goes before what everybody else computes, our API included. */
const NICE = -10;

// Only `startLoopThread` starts this file, with a port and this data.
const parent = parentPort as MessagePort;
const { config, clientPort } = workerData as LoopThreadData;

const log = openLog(config.logLevel);
const failed = (error: unknown): void => log.error({ err: error }, 'something failed; going on');
const metricsRegistry = new MetricsRegistry();
const client = new ThreadClient(clientPort);
const stops: Stop[] = [() => client.close()];

takePrecedence();
parent.on('message', (message: ToLoopThread) => void (message.type === 'stop' ? stop() : tellMetrics(message.id)));
await keepHost({ config, log, client, metricsRegistry, failed }, stops);
tell({ type: 'started' });

/** On Linux a nice value is that of a thread, not of the process (setpriority(2), notes). It needs root or CAP_SYS_NICE. */
function takePrecedence(): void {
  try {
    setPriority(NICE);
  } catch (error) {
    log.info({ err: error }, 'repairs have no precedence over other programs');
  }
}

/** The thread ends by itself once nothing is left to wait for. */
async function stop(): Promise<void> {
  for (const each of stops.reverse()) await each();
  parent.close();
}

async function tellMetrics(id: number): Promise<void> {
  tell({ type: 'metrics', id, text: await metricsRegistry.metrics() });
}

function tell(message: FromLoopThread): void {
  parent.postMessage(message);
}
