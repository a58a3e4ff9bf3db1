import { stringify } from 'yaml';
import type { Clock } from '../../api/machinery/clock.ts';
import { fieldOf } from '../../api/machinery/json.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import { conditionsOf } from '../alerts/trouble-of.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import type { DurableMap } from '../journal/durable-map.ts';
import type { AppliedPlan } from '../reconcile/lane-report.ts';
import type { OwnerKey } from '../systems/owner.ts';
import { change, changeStatus, type LastChange, type Work } from './change.ts';

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
  readonly memory: DurableMap;
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
      this.#waiting.set(key, { owner: step.owner, object, drift, startedAt: known?.startedAt ?? startedAt, endedAt, steps: [...(known?.steps ?? []), done] });
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
    this.#schedule();
    const works = ended.map(([, work]) => work).slice(-MOST_WAITING);
    if (works.length > 0) this.#writing = this.#writing.then(() => this.#writeAll(works)).catch(this.#options.failed);
  }

  /** More is to come for the same spec: its resource does not say yet that the host has it, or that it can't. */
  #goesOn({ owner, object, drift, startedAt }: Work): boolean {
    if (this.#stopped || drift || object === undefined || this.#options.clock.now() - startedAt > LONGEST_WORK_MS) return false;
    const now = this.#objectOf(owner);
    return now !== undefined && now.metadata.generation === object.metadata.generation && isUnderWay(now);
  }

  async #writeAll(works: readonly Work[]): Promise<void> {
    for (let start = 0; start < works.length; start += PIECE) {
      if (start > 0 && !this.#stopped) await this.#options.clock.sleep(REST_MS);
      const piece = works.slice(start, start + PIECE);
      const prepared = this.#prepare(piece);
      await Promise.all(prepared.map((each) => this.#write(each).catch(this.#options.failed)));
    }
  }

  /** Numbers the Changes; the numbers are remembered before they are used. */
  #prepare(works: readonly Work[]): Prepared[] {
    const { memory } = this.#options;
    const prepared: Prepared[] = [];
    memory.together(() => {
      for (const work of works) {
        const last = this.#lastOf(work.owner);
        const each = { work, last, revision: (last?.revision ?? 0) + 1, spec: specText(work.object) };
        this.#remember(each);
        prepared.push(each);
      }
    });
    return prepared;
  }

  async #write(prepared: Prepared): Promise<void> {
    const { client, hostName } = this.#options;
    const { work, last, spec, revision } = prepared;
    const created = await client.create(change(work, { revision, last, spec, hostName }));
    if (created === 'conflict') return this.#write(await this.#renumber(prepared));
    const { kind, metadata } = created;
    await client.writeStatus({ kind, name: metadata.name }, metadata.uid, changeStatus(work));
  }

  /** The journal is younger than the Changes: what the API has counts. */
  async #renumber(prepared: Prepared): Promise<Prepared> {
    const { items } = await this.#options.client.list('Change');
    const revisions = items.filter(({ spec }) => subjectOf(spec) === prepared.work.owner).map(({ spec }) => Number(fieldOf(spec, 'revision') ?? 0));
    const renumbered = { ...prepared, revision: Math.max(prepared.revision, ...revisions) + 1 };
    this.#remember(renumbered);
    return renumbered;
  }

  #remember({ work: { owner, object, drift, endedAt }, last, revision, spec }: Prepared): void {
    const carriedOutAt = drift ? last?.carriedOutAt : endedAt;
    const next: LastChange = {
      revision,
      ...(object ? { uid: object.metadata.uid, generation: object.metadata.generation } : {}),
      ...(carriedOutAt === undefined ? {} : { carriedOutAt }),
      ...(spec === undefined ? {} : { spec }),
    };
    this.#options.memory.put(owner, JSON.stringify(next));
  }

  #lastOf(owner: OwnerKey): LastChange | undefined {
    const text = this.#options.memory.get(owner);
    // Only this class writes this map.
    return text === undefined ? undefined : (JSON.parse(text) as LastChange);
  }

  #objectOf(owner: OwnerKey): KubeObject | undefined {
    const slash = owner.indexOf('/');
    return this.#options.resource(owner.slice(0, slash), owner.slice(slash + 1));
  }
}

interface Prepared {
  readonly work: Work;
  readonly last: LastChange | undefined;
  readonly revision: number;
  readonly spec: string | undefined;
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
