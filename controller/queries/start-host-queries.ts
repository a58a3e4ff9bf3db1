import { customResourceDefinitions } from '../../api/generated/crds.ts';
import type { Clock } from '../../api/machinery/clock.ts';
import { ManifestCheck } from '../client/manifest-check.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import type { ServeConfig } from '../config.ts';
import { waysInReader } from '../safety/read-ways-in.ts';
import type { Exec } from '../systems/exec.ts';
import { Answerer } from './answerer.ts';
import { Machine } from './diagnose/machine.ts';
import type { ObservableSystems } from './host-observed.ts';
import { HostQueries } from './host-queries.ts';

export interface StartHostQueriesOptions {
  readonly config: ServeConfig;
  readonly client: ResourceClient;
  readonly clock: Clock;
  readonly exec: Exec;
  readonly standalone: boolean;
  readonly systems: ObservableSystems;
  readonly failed: (error: unknown) => void;
}

/** Begins to answer the HostQueries of this host. Returns the way to stop. */
export async function startHostQueries({ config, client, clock, exec, standalone, systems, failed }: StartHostQueriesOptions): Promise<() => Promise<void>> {
  const { hostName, imagesDirectory, listen } = config;
  const answerer = new Answerer({
    client,
    clock,
    hostName,
    standalone,
    imagesDirectory,
    systems,
    check: new ManifestCheck(customResourceDefinitions),
    readWaysIn: waysInReader({ exec, clock, listen }),
    machine: new Machine({ exec, root: config.netplanRoot }),
    places: config,
  });
  const queries = new HostQueries({ client, clock, hostName, standalone, answer: (question) => answerer.answer(question), failed });
  await queries.start();
  return () => queries.stop();
}
