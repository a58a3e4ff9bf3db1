import type { Clock } from '../../api/machinery/clock.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import type { ResourceClient } from '../client/resource-client.ts';

const RECORD_KINDS = ['DriftReport', 'Change'] as const;
const INTERVAL_MS = 10 * 60_000;
const MAX_AGE_MS = 30 * 24 * 3_600_000;
const MAX_COUNT = 1_000;

export interface PrunerOptions {
  readonly client: ResourceClient;
  readonly clock: Clock;
  readonly hostName: string;
  readonly failed: (error: unknown) => void;
}

/** Keeps the last 1,000 DriftReports and Changes each of this host, and none older than 30 days. Returns the way to stop. */
export function startPruner(options: PrunerOptions): () => void {
  let cancel = (): void => undefined;
  const tick = (): void => {
    cancel = options.clock.after(INTERVAL_MS, tick);
    prune(options).catch(options.failed);
  };
  tick();
  return () => cancel();
}

async function prune({ client, clock, hostName }: PrunerOptions): Promise<void> {
  for (const recordKind of RECORD_KINDS) {
    const { items } = await client.list(recordKind);
    for (const { kind, metadata } of outdated(items, hostName, clock.now())) await client.delete({ kind, name: metadata.name });
  }
}

/** The records of a host that are too old or too many, whichever comes first. */
export function outdated(reports: readonly KubeObject[], hostName: string, now: number): KubeObject[] {
  const newestFirst = reports
    .filter(({ spec }) => typeof spec === 'object' && spec !== null && 'hostName' in spec && spec.hostName === hostName)
    .map((report) => ({ report, createdAt: Date.parse(report.metadata.creationTimestamp) }))
    .sort((a, b) => b.createdAt - a.createdAt);
  return newestFirst.filter(({ createdAt }, index) => index >= MAX_COUNT || now - createdAt > MAX_AGE_MS).map(({ report }) => report);
}
