import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';

const GROUP = '/apis/bridgekeeper.dev/v1alpha1';

/** One connection to the API that stays open, as a client in a program has it. */
export class Api implements Disposable {
  readonly #url: URL;
  readonly #agent: Agent;
  readonly #token: string;

  constructor(kubeconfig: string) {
    const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as { clusters: { cluster: { server: string; 'certificate-authority-data': string } }[]; users: { user: { token: string } }[] };
    const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
    if (!cluster || !user) throw new Error(`${kubeconfig} names no server or no user`);
    this.#url = new URL(cluster.server);
    this.#token = user.token;
    this.#agent = new Agent({ keepAlive: true, ca: Buffer.from(cluster['certificate-authority-data'], 'base64') });
  }

  /** Merges `spec` into a Portgroup; resolves with the time of the answer, as `performance.now` counts. */
  patchPortgroup(name: string, spec: object): Promise<number> {
    const body = JSON.stringify({ spec });
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/merge-patch+json', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(`${GROUP}/portgroups/${name}`, this.#url), { method: 'PATCH', agent: this.#agent, headers }, (incoming) => {
        const answeredAt = performance.now();
        incoming.resume().on('end', () => (incoming.statusCode === 200 ? resolve(answeredAt) : reject(new Error(`the API answered ${incoming.statusCode}`))));
      });
      outgoing.on('error', reject).end(body);
    });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
