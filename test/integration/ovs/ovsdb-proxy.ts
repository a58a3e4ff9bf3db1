import { connect, createServer, type Server, type Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Stands between a client and an OVSDB server, and loses answers. */
export class OvsdbProxy implements AsyncDisposable {
  /** Where it listens, as `unix:PATH`. */
  readonly address: string;
  readonly #server: Server;
  readonly #folder: string;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #losesNextAnswer = false;

  private constructor(target: string, folder: string) {
    this.#folder = folder;
    this.address = `unix:${join(folder, 'db.sock')}`;
    this.#server = createServer((client) => this.#join(client, connect(target)));
  }

  static async before(target: string): Promise<OvsdbProxy> {
    const folder = await mkdtemp(join(tmpdir(), 'ovsdb-proxy-'));
    const proxy = new OvsdbProxy(target, folder);
    await new Promise<void>((resolve) => proxy.#server.listen(join(folder, 'db.sock'), resolve));
    return proxy;
  }

  /** The next transaction gets through, its answer does not: the connection is cut in its place. */
  loseNextAnswer(): void {
    this.#losesNextAnswer = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cut();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true });
  }

  #cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  #join(client: Socket, server: Socket): void {
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    let isCutAtAnswer = false;
    client.on('data', (chunk: Buffer) => {
      if (this.#losesNextAnswer && chunk.includes('"transact"')) {
        this.#losesNextAnswer = false;
        isCutAtAnswer = true;
      }
      server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => {
      if (!isCutAtAnswer) client.write(chunk);
      else if (chunk.includes('"result"')) client.destroy();
    });
    for (const [mine, other] of [pair, [server, client] as const]) {
      mine.on('error', () => other.destroy());
      mine.on('close', () => {
        other.destroy();
        this.#pairs.delete(pair);
      });
    }
  }
}
