import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../clock.ts';
import type { ConnectionSettings } from '../connection/settings.ts';
import { numberAt, objectsAt, parseJson, textAt, textsAt, valueAt, type Json } from './json.ts';
import type { ResourceType } from './resource-type.ts';

const KEEP_MS = 10 * 60_000;
/** Raised when the file's shape changes, so that an older file is not read. */
const SHAPE = 1;

/** What a server offers, kept on disk for ten minutes, one file a server, readable by its owner only. */
export class DiscoveryCache {
  readonly #file: string | undefined;
  readonly #clock: Clock;

  /** Without a home folder nothing is kept. */
  constructor(settings: ConnectionSettings, environment: Readonly<Record<string, string | undefined>>, clock: Clock) {
    const home = environment['HOME'];
    const cache = environment['XDG_CACHE_HOME'] || (home ? path.join(home, '.cache') : undefined);
    const identity = createHash('sha256').update(`${settings.server.href}\n`).update(settings.authority ?? '').digest('hex');
    this.#file = cache && path.join(cache, 'bridgectl', 'discovery', `${identity.slice(0, 32)}.json`);
    this.#clock = clock;
  }

  /** The kinds as last seen, or undefined when they are too old or were never seen. */
  read(): ResourceType[] | undefined {
    if (this.#file === undefined) return undefined;
    let document: Json;
    try {
      document = parseJson(readFileSync(this.#file, 'utf8'));
    } catch {
      // No file, or not ours to read, or cut off: the server is asked instead.
      return undefined;
    }
    const age = this.#clock.now() - (numberAt(document, 'savedAt') ?? 0);
    if (numberAt(document, 'shape') !== SHAPE || age < 0 || age > KEEP_MS) return undefined;
    return objectsAt(document, 'types').map((type) => ({
      group: textAt(type, 'group') ?? '',
      version: textAt(type, 'version') ?? '',
      kind: textAt(type, 'kind') ?? '',
      plural: textAt(type, 'plural') ?? '',
      singular: textAt(type, 'singular') ?? '',
      shortNames: textsAt(type, 'shortNames'),
      categories: textsAt(type, 'categories'),
      namespaced: valueAt(type, 'namespaced') === true,
      verbs: textsAt(type, 'verbs'),
    }));
  }

  write(types: readonly ResourceType[]): void {
    if (this.#file === undefined) return;
    const fresh = `${this.#file}.${process.pid}`;
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      writeFileSync(fresh, JSON.stringify({ shape: SHAPE, savedAt: this.#clock.now(), types }), { mode: 0o600 });
      renameSync(fresh, this.#file);
    } catch {
      // A read-only or full home folder costs a request at the next start, and nothing else.
    }
  }
}
