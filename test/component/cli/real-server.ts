import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { customResourceDefinitions } from '../../../api/generated/crds.ts';
import { openApiDocument } from '../../../api/generated/openapi.ts';
import { systemClock } from '../../../api/machinery/clock.ts';
import type { Registry } from '../../../api/registry/contract.ts';
import { createRegistry } from '../../../api/registry/registry.ts';
import { createApiServer } from '../../../api/server/api-server.ts';
import { prepareDataDir } from '../../../api/server/data-dir.ts';
import { tokenAuthenticator } from '../../../api/server/identity/authenticator.ts';
import { SqliteStore } from '../../../api/store/sqlite-store.ts';
import { doubtsOf } from '../../../controller/desired/doubts.ts';

/** The product's own API server, without a controller, over HTTPS, in this process. */
export class RealServer {
  readonly dataDirectory = mkdtempSync(path.join(tmpdir(), 'bridgectl-server-'));
  /** What it wrote for its administrator. */
  readonly kubeconfig = path.join(this.dataDirectory, 'admin.kubeconfig');
  #port = 0;
  #running: { registry: Registry; stop(): Promise<void> } | undefined;

  /** Stands in for the controller, which writes statuses and lets finalizers go. */
  get registry(): Registry {
    if (!this.#running) throw new Error('the server does not run');
    return this.#running.registry;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  /** Starts, or starts again at the same address with the same data. */
  async start(): Promise<void> {
    const dataDir = await prepareDataDir({ path: this.dataDirectory, listenHost: '127.0.0.1', hostName: 'luna', clock: systemClock });
    const store = new SqliteStore({ path: path.join(this.dataDirectory, 'store.sqlite') });
    const registry = createRegistry({ store, clock: systemClock, crds: customResourceDefinitions, doubts: doubtsOf });
    const server = createApiServer({
      registry,
      clock: systemClock,
      log: pino({ level: 'silent' }),
      authenticator: tokenAuthenticator(dataDir.tokens),
      crds: customResourceDefinitions,
      openApiDocument,
      listen: { host: '127.0.0.1', port: this.#port },
      certificate: () => dataDir.certificate(),
      productVersion: '0.0.0',
    });
    const { url } = await server.start();
    this.#port = Number(new URL(url).port);
    await dataDir.writeAdminKubeconfig(url);
    this.#running = {
      registry,
      async stop() {
        await server.stop();
        await store.close();
      },
    };
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }

  async destroy(): Promise<void> {
    await this.stop();
    rmSync(this.dataDirectory, { recursive: true });
  }
}
