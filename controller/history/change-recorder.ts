import { stringify } from 'yaml';
import type { Clock } from '../../api/machinery/clock.ts';
import { equalJson, fieldOf } from '../../api/machinery/json.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import { conditionsOf } from '../alerts/trouble-of.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import type { DurableMap } from '../journal/durable-map.ts';
import type { AppliedPlan } from '../reconcile/lane-report.ts';
import { kindAndName, type OwnerKey } from '../systems/owner.ts';
import { change, changeName, changeStatus, type LastChange, type Work } from './change.ts';
import type { NumberedChange, Unwritten } from './unwritten.ts';

/** What several systems do for one spec is one Change: it is written when nothing was applied for this long, */
const QUIET_MS = 2_000;
/** or when the first has waited for so long. */
const LONGEST_WAIT_MS = 10_000;
/** What a spec asks may take longer, in one system after the other; it is waited for so long. */
const LONGEST_WORK_MS = 60_000;
/** Written in small pieces with a rest between them: a history must not slow down what it tells of. */
const PIECE = 5;
const REST_MS = 25;
/** No more are kept, so no more need be written. */
const MOST_WAITING = 1_000;
const LONGEST_SPEC = 262_144;

export interface ChangeRecorderOptions {
  readonly client: ResourceClient;
  /** The last Change of each resource. */
  readonly memory: DurableMap;
  readonly unwritten: Unwritten;
  readonly clock: Clock;
  readonly hostName: string;
  readonly resource: (kind: string, name: string) => KubeObject | undefined;
  readonly failed: (error: unknown) => void;
}

/** Writes a Change for each resource that a plan was carried out for, after the fact. */
export class ChangeRecorder {
  readonly #options: ChangeRecorderOptions;
  readonly #waiting = new Map<string, Work>();
  #firstAt = 0;
  #cancelTimer: () => void = () => undefined;
  #writing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: ChangeRecorderOptions) {
    this.#options = options;
    const { works, numbered } = options.unwritten.recover();
    this.#writing = this.#writeAll(numbered, (each) => this.#writeRecovered(each));
    for (const [key, work] of works) this.#waiting.set(key, work);
    this.#schedule();
  }

  /** Takes a plan in and returns at once. */
  record({ system, steps, startedAt, tookMs }: AppliedPlan): void {
    for (const { step, drift, refusal } of steps) {
      const object = this.#objectOf(step.owner);
      // Each correction of drift is a Change of its own.
      const key = JSON.stringify([step.owner, object?.metadata.uid, object?.metadata.generation, drift && startedAt]);
      const known = this.#waiting.get(key);
      const done = { system, step, ...(refusal ? { refusal } : {}) };
      const endedAt = Math.max(known?.endedAt ?? 0, startedAt + tookMs);
      const work = { owner: step.owner, object, drift, startedAt: known?.startedAt ?? startedAt, endedAt, steps: [...(known?.steps ?? []), done] };
      this.#waiting.set(key, work);
      this.#options.unwritten.keep(key, work);
    }
    this.#schedule();
  }

  /** Writes what it still holds. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#begin();
    await this.#writing;
  }

  #schedule(): void {
    const { clock } = this.#options;
    if (this.#waiting.size === 0) return;
    if (this.#firstAt === 0) this.#firstAt = clock.now();
    this.#cancelTimer();
    const delayMs = Math.min(QUIET_MS, Math.max(this.#firstAt + LONGEST_WAIT_MS - clock.now(), 0));
    this.#cancelTimer = clock.after(delayMs, () => this.#begin());
  }

  #begin(): void {
    this.#cancelTimer();
    this.#firstAt = 0;
    const ended = [...this.#waiting].filter(([, work]) => !this.#goesOn(work));
    for (const [key] of ended) this.#waiting.delete(key);
    for (const [key] of ended.slice(0, -MOST_WAITING)) this.#options.unwritten.drop(key);
    this.#schedule();
    const works = ended.slice(-MOST_WAITING);
    if (works.length > 0) this.#writing = this.#writing.then(() => this.#numberAndWrite(works)).catch(this.#options.failed);
  }

  /** More is to come for the same spec: its resource does not say yet that the host has it, or that it can't. */
  #goesOn({ owner, object, drift, startedAt }: Work): boolean {
    if (this.#stopped || drift || object === undefined || this.#options.clock.now() - startedAt > LONGEST_WORK_MS) return false;
    const now = this.#objectOf(owner);
    return now !== undefined && now.metadata.generation === object.metadata.generation && isUnderWay(now);
  }

  async #numberAndWrite(works: readonly (readonly [key: string, Work])[]): Promise<void> {
    await this.#inPieces(works, async (piece) => {
      await this.#writeAll(this.#number(piece), (each) => this.#write(each));
    });
  }

  async #inPieces<T>(all: readonly T[], write: (piece: readonly T[]) => Promise<void>): Promise<void> {
    for (let start = 0; start < all.length; start += PIECE) {
      if (start > 0 && !this.#stopped) await this.#options.clock.sleep(REST_MS);
      await write(all.slice(start, start + PIECE));
    }
  }

  async #writeAll(changes: readonly NumberedChange[], write: (each: NumberedChange) => Promise<void>): Promise<void> {
    await Promise.all(changes.map((each) => write(each).catch(this.#options.failed)));
  }

  /** Numbers the Changes; the numbers are remembered before they are used. */
  #number(works: readonly (readonly [key: string, Work])[]): NumberedChange[] {
    const { memory, unwritten, hostName } = this.#options;
    const numbered: NumberedChange[] = [];
    memory.together(() => {
      for (const [key, work] of works) {
        const last = this.#lastOf(work.owner);
        const next = nextOf(work, last);
        const manifest = change(work, { revision: next.revision, last, spec: next.spec, hostName });
        const each = { owner: work.owner, name: changeName(work.owner, next.revision), manifest, status: changeStatus(work) };
        memory.put(work.owner, JSON.stringify(next));
        unwritten.number(key, each);
        numbered.push(each);
      }
    });
    return numbered;
  }

  async #write(each: NumberedChange): Promise<void> {
    const created = await this.#options.client.create(each.manifest);
    if (created === 'conflict') return this.#write(await this.#renumber(each));
    await this.#end(created, each);
  }

  /** Whoever ended before may have come as far as to write it, or even its status. */
  async #writeRecovered(each: NumberedChange): Promise<void> {
    const present = await this.#options.client.read({ kind: 'Change', name: each.name });
    if (present && equalJson(present.spec, each.manifest.spec)) await this.#end(present, each);
    else await this.#write(each);
  }

  async #end({ kind, metadata }: KubeObject, each: NumberedChange): Promise<void> {
    await this.#options.client.writeStatus({ kind, name: metadata.name }, metadata.uid, each.status);
    this.#options.unwritten.written(each);
  }

  /** The journal is younger than the Changes: what the API has counts. */
  async #renumber(each: NumberedChange): Promise<NumberedChange> {
    const { client, memory, unwritten } = this.#options;
    const { items } = await client.list('Change');
    const taken = items.filter(({ spec }) => subjectOf(spec) === each.owner).map(({ spec }) => Number(fieldOf(spec, 'revision') ?? 0));
    const revision = Math.max(this.#lastOf(each.owner)?.revision ?? 0, ...taken) + 1;
    const name = changeName(each.owner, revision);
    const renumbered = { ...each, name, manifest: { ...each.manifest, metadata: { name }, spec: { ...each.manifest.spec, revision } } };
    memory.together(() => {
      memory.put(each.owner, JSON.stringify({ ...this.#lastOf(each.owner), revision }));
      unwritten.renumber(each, renumbered);
    });
    return renumbered;
  }

  #lastOf(owner: OwnerKey): LastChange | undefined {
    const text = this.#options.memory.get(owner);
    // Only this class writes this map.
    return text === undefined ? undefined : (JSON.parse(text) as LastChange);
  }

  #objectOf(owner: OwnerKey): KubeObject | undefined {
    return this.#options.resource(...kindAndName(owner));
  }
}

function nextOf({ object, drift, endedAt }: Work, last: LastChange | undefined): LastChange {
  const carriedOutAt = drift ? last?.carriedOutAt : endedAt;
  const spec = specText(object);
  return {
    revision: (last?.revision ?? 0) + 1,
    ...(object ? { uid: object.metadata.uid, generation: object.metadata.generation } : {}),
    ...(carriedOutAt === undefined ? {} : { carriedOutAt }),
    ...(spec === undefined ? {} : { spec }),
  };
}

function isUnderWay(object: KubeObject): boolean {
  const conditions = conditionsOf(object);
  const programmed = conditions.find(({ type }) => type === 'Programmed');
  if (programmed === undefined || object.metadata.deletionTimestamp !== undefined) return false;
  const isCurrent = programmed.observedGeneration === object.metadata.generation;
  return !(isCurrent && (programmed.status === 'True' || conditions.some(({ type, status }) => type === 'Stalled' && status === 'True')));
}

/** Undefined for what is gone or going, and for what is too long to keep. Quoted so that a YAML 1.1 reader takes it the same. */
function specText(object: KubeObject | undefined): string | undefined {
  if (object === undefined || object.metadata.deletionTimestamp !== undefined) return undefined;
  const text = stringify(object.spec ?? {}, { version: '1.1', lineWidth: 0, indentSeq: false, aliasDuplicateObjects: false });
  return text.length > LONGEST_SPEC ? undefined : text;
}

function subjectOf(spec: unknown): string {
  const subject = fieldOf(spec, 'subject');
  return `${String(fieldOf(subject, 'kind'))}/${String(fieldOf(subject, 'name'))}`;
}
