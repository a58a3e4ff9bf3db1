import { connect, type Socket } from 'node:net';

const DATABASE = 'Open_vSwitch';
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

type Json = Readonly<Record<string, unknown>>;
/** Changes by table and row, as `update2` carries them (ovsdb-server(7)). */
export type Updates = Readonly<Record<string, Readonly<Record<string, Json>>>>;
export type Operation = Json;

/**
 * A bare OVSDB client, with nothing between the socket and the caller: the peer of the figures. It shares no code with the product
 * on purpose.
 */
export class Ovsdb {
  readonly #socket: Socket;
  readonly #replies = new Map<number, (message: Json) => void>();
  #updated: (updates: Updates) => void = () => undefined;
  #rest: Buffer = Buffer.alloc(0);
  #lastId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
  }

  static connect(path: string): Promise<Ovsdb> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once('error', reject);
      socket.once('connect', () => resolve(new Ovsdb(socket)));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** One transaction; throws when any operation of it failed. */
  async transact(...operations: readonly Operation[]): Promise<readonly Json[]> {
    const { result, error } = await this.#request('transact', [DATABASE, ...operations]);
    const results = Array.isArray(result) ? result.filter(isJson) : [];
    const failed = results.find((each) => each['error'] !== undefined);
    if (failed ?? error) throw new Error(`transaction refused: ${JSON.stringify(failed ?? error)}`);
    return results;
  }

  /** Follows columns of tables; `updated` is called with what is there first, then with each change. */
  async monitor(columns: Readonly<Record<string, readonly string[]>>, updated: (updates: Updates) => void): Promise<void> {
    this.#updated = updated;
    const requests = Object.fromEntries(Object.entries(columns).map(([table, names]) => [table, [{ columns: names }]]));
    const { result } = await this.#request('monitor_cond', [DATABASE, null, requests]);
    updated(updatesOf(result));
  }

  #request(method: string, params: readonly unknown[]): Promise<Json> {
    const id = (this.#lastId += 1);
    this.#socket.write(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.#replies.set(id, resolve));
  }

  #receive(chunk: Buffer): void {
    const { texts, rest } = split(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]));
    this.#rest = rest;
    for (const text of texts) this.#dispatch(JSON.parse(text));
  }

  #dispatch(message: unknown): void {
    if (!isJson(message)) return;
    const { id, method, params } = message;
    if (method === 'echo') this.#socket.write(JSON.stringify({ id, result: params, error: null }));
    else if (method === 'update2' && Array.isArray(params)) this.#updated(updatesOf(params[1]));
    else if (typeof id === 'number') {
      this.#replies.get(id)?.(message);
      this.#replies.delete(id);
    }
  }
}

/** The JSON texts that stand one after the other in `bytes`, and what is left of a last one that is not whole. */
function split(bytes: Buffer): { readonly texts: string[]; readonly rest: Buffer } {
  const texts: string[] = [];
  let [start, depth, inString] = [0, 0, false];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) inString = !inString;
    else if (inString && byte === BACKSLASH) at += 1;
    else if (!inString && (byte === 0x7b || byte === 0x5b)) depth += 1;
    else if (!inString && (byte === 0x7d || byte === 0x5d) && (depth -= 1) === 0) {
      texts.push(bytes.toString('utf8', start, at + 1));
      start = at + 1;
    }
  }
  return { texts, rest: bytes.subarray(start) };
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function updatesOf(value: unknown): Updates {
  if (!isJson(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([table, rows]) => [table, isJson(rows) ? rowsOf(rows) : {}]));
}

function rowsOf(rows: Json): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(rows).map(([uuid, change]) => [uuid, isJson(change) ? change : {}]));
}
