import { ApiClient } from './api/api-client.ts';
import { DiscoveryCache } from './api/discovery-cache.ts';
import { discover } from './api/discovery.ts';
import { follow, type Followed } from './api/follow.ts';
import type { Selection } from './api/api-client.ts';
import { Kinds } from './api/kinds.ts';
import type { ResourceType } from './api/resource-type.ts';
import type { Flags } from './arguments/parse.ts';
import { HttpClient } from './connection/http-client.ts';
import { loadKubeconfig, type Kubeconfig } from './connection/kubeconfig.ts';
import { connectionSettings, type ConnectionFlags, type ConnectionSettings } from './connection/settings.ts';
import { Paint } from './output/paint.ts';
import type { Surroundings } from './surroundings.ts';

const REQUEST_TIMEOUT_MS = 60_000;

/** One run of one command: what it was given, where it prints, and its connection, opened when first asked for. */
export class Session {
  readonly flags: Flags;
  readonly surroundings: Surroundings;
  readonly paint: Paint;
  readonly #warned = new Set<string>();
  #kubeconfig: Promise<Kubeconfig | undefined> | undefined;
  #settings: Promise<ConnectionSettings> | undefined;
  #http: Promise<HttpClient> | undefined;
  #api: Promise<ApiClient> | undefined;
  #kinds: Promise<Kinds> | undefined;

  constructor(flags: Flags, surroundings: Surroundings) {
    this.flags = flags;
    this.surroundings = surroundings;
    this.paint = new Paint(surroundings.stdout, surroundings.environment);
  }

  print(line: string): void {
    this.surroundings.stdout.write(`${line}\n`);
  }

  /** On standard error: what is no result and no error. */
  note(line: string): void {
    this.surroundings.stderr.write(`${line}\n`);
  }

  error(line: string): void {
    const paint = new Paint(this.surroundings.stderr, this.surroundings.environment);
    this.note(`${paint.bad('error:')} ${line}`);
  }

  /** Each text once, however often the server sends it. */
  warn(text: string): void {
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    const paint = new Paint(this.surroundings.stderr, this.surroundings.environment);
    this.note(`${paint.doubtful('Warning:')} ${text}`);
  }

  kubeconfig(): Promise<Kubeconfig | undefined> {
    this.#kubeconfig ??= loadKubeconfig(this.flags.text('kubeconfig'), this.surroundings.environment);
    return this.#kubeconfig;
  }

  settings(): Promise<ConnectionSettings> {
    this.#settings ??= this.#loadSettings();
    return this.#settings;
  }

  api(): Promise<ApiClient> {
    this.#api ??= this.#openApi();
    return this.#api;
  }

  /** The server's kinds: from the cache, else asked for. */
  kinds(): Promise<Kinds> {
    this.#kinds ??= this.#loadKinds();
    return this.#kinds;
  }

  /** The namespace to ask in: none for kinds without, and none for all of them. */
  async namespaceFor(type: ResourceType): Promise<string | undefined> {
    if (!type.namespaced || this.flags.on('all-namespaces')) return undefined;
    return (await this.settings()).namespace;
  }

  /** Follows a kind through restarts of the server. */
  async *follow(type: ResourceType, selection: Selection, signal = this.surroundings.signal): AsyncGenerator<Followed> {
    const { clock } = this.surroundings;
    yield* follow({
      api: await this.api(),
      type,
      selection,
      clock,
      signal,
      random: () => this.surroundings.random(),
      lost: (reason) => this.warn(`${reason.message} Trying again until it answers.`),
    });
  }

  async close(): Promise<void> {
    // One that could not be opened has been told of, and there is nothing to close.
    const http = await this.#http?.catch(() => undefined);
    await http?.close();
  }

  async #loadSettings(): Promise<ConnectionSettings> {
    // A server given by hand together with a token needs no kubeconfig, not even a broken one.
    const needsFile = this.flags.has('kubeconfig') || this.flags.has('context') || !(this.flags.has('server') && this.flags.has('token'));
    return connectionSettings(needsFile ? await this.kubeconfig() : undefined, connectionFlags(this.flags));
  }

  async #openHttp(): Promise<HttpClient> {
    return new HttpClient(await this.settings(), this.flags.durationMs('request-timeout') ?? REQUEST_TIMEOUT_MS);
  }

  async #openApi(): Promise<ApiClient> {
    this.#http ??= this.#openHttp();
    const [http, settings] = await Promise.all([this.#http, this.settings()]);
    return new ApiClient({ http, settings, signal: this.surroundings.signal, onWarning: (text) => this.warn(text) });
  }

  async #loadKinds(): Promise<Kinds> {
    const cache = new DiscoveryCache(await this.settings(), this.surroundings.environment, this.surroundings.clock);
    const ask = async (): Promise<readonly ResourceType[]> => {
      const types = await discover(await this.api());
      cache.write(types);
      return types;
    };
    const cached = cache.read();
    return cached ? new Kinds(cached, false, ask) : new Kinds(await ask(), true, ask);
  }
}

function connectionFlags(flags: Flags): ConnectionFlags {
  const context = flags.text('context');
  const server = flags.text('server');
  const token = flags.text('token');
  const authorityFile = flags.text('certificate-authority');
  const namespace = flags.text('namespace');
  return {
    ...(context !== undefined && { context }),
    ...(server !== undefined && { server }),
    ...(token !== undefined && { token }),
    ...(authorityFile !== undefined && { authorityFile }),
    ...(namespace !== undefined && { namespace }),
    ...(flags.has('insecure-skip-tls-verify') && { skipTlsVerify: flags.on('insecure-skip-tls-verify') }),
  };
}
