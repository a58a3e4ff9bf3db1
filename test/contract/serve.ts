import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { customResourceDefinitions } from '../../api/generated/crds.ts';
import { openApiDocument } from '../../api/generated/openapi.ts';
import type { Clock } from '../../api/machinery/clock.ts';
import { systemClock } from '../../api/machinery/clock.ts';
import type { Registry } from '../../api/registry/contract.ts';
import { createRegistry } from '../../api/registry/registry.ts';
import type { CustomResourceDefinition } from '../../api/schema/custom-resource-definition.ts';
import { createApiServer } from '../../api/server/api-server.ts';
import type { ApiServerOptions } from '../../api/server/api-server.ts';
import { prepareDataDir } from '../../api/server/data-dir.ts';
import type { DataDir } from '../../api/server/data-dir.ts';
import { tokenAuthenticator } from '../../api/server/identity/authenticator.ts';
import { SqliteStore } from '../../api/store/sqlite-store.ts';
import type { Store } from '../../api/store/store.ts';

export interface ServedApi {
  readonly url: string;
  readonly kubeconfig: string;
  readonly dataDir: DataDir;
  readonly registry: Registry;
  readonly store: Store;
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly crds?: readonly CustomResourceDefinition[];
  readonly clock?: Clock;
  readonly log?: ApiServerOptions['log'];
  readonly overrides?: Partial<ApiServerOptions>;
}

/** The real server over the real registry and store, in a folder of its own, on a port of its own. */
export async function serveApi({ crds = customResourceDefinitions, clock = systemClock, log, overrides }: ServeOptions = {}): Promise<ServedApi> {
  const path = await mkdtemp(join(tmpdir(), 'bridgekeeper-api-'));
  const dataDir = await prepareDataDir({ path, listenHost: '127.0.0.1', hostName: 'luna', clock });
  const store = new SqliteStore({ path: join(path, 'store.db') });
  const registry = createRegistry({ store, clock, crds });
  const server = createApiServer({
    registry,
    clock,
    log: log ?? pino({ level: 'error' }),
    authenticator: tokenAuthenticator(() => dataDir.tokens()),
    revokedCertificates: () => dataDir.revokedCertificates(),
    crds,
    openApiDocument,
    listen: { host: '127.0.0.1', port: 0 },
    certificate: () => dataDir.certificate(),
    productVersion: '0.1.0',
    ...overrides,
  });
  const { url } = await server.start();
  await dataDir.writeAdminKubeconfig(url);
  return {
    url,
    kubeconfig: join(path, 'admin.kubeconfig'),
    dataDir,
    registry,
    store,
    async stop() {
      await server.stop();
      await store.close();
      await rm(path, { recursive: true });
    },
  };
}
