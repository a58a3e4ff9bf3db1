import type { Clock } from '../../api/machinery/clock.ts';
import { setCondition, timestamp, type ConditionUpdate } from '../../api/machinery/conditions.ts';
import { isRecord } from '../../api/machinery/json.ts';
import type { Condition, KubeObject } from '../../api/machinery/object.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import { belongsTo } from '../desired/resources.ts';
import { ResourceCache } from '../reconcile/resource-cache.ts';
import { answerFields, type Answer } from './answer.ts';
import { BadQuestion, keptMs, questionOf, type Question } from './question.ts';

export interface HostQueriesOptions {
  readonly client: ResourceClient;
  readonly clock: Clock;
  readonly hostName: string;
  readonly standalone: boolean;
  /** Answers a question; throws BadQuestion for one that nobody can answer. */
  readonly answer: (question: Question) => Promise<Answer>;
  readonly failed: (error: unknown) => void;
}

/** Timers can not be longer than some weeks: a longer wait is cut into days. */
const LONGEST_TIMER_MS = 24 * 3_600_000;

/**
 * Follows the HostQueries of this host: answers each once a generation, one after the other, writes the answer into its status, and
 * deletes it when its time is over. A query changes nothing on the host.
 */
export class HostQueries {
  readonly #options: HostQueriesOptions;
  readonly #cache: ResourceCache;
  readonly #timers = new Map<string, () => void>();
  #queue: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: HostQueriesOptions) {
    this.#options = options;
    const { client, clock, failed } = options;
    this.#cache = new ResourceCache({ client, clock, kinds: ['HostQuery'], changed: (before, after) => this.#changed(before, after), failed });
  }

  async start(): Promise<void> {
    await this.#cache.start();
  }

  /** Ends after the answer under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cache.stop();
    for (const cancel of this.#timers.values()) cancel();
    await this.#queue;
  }

  #changed(before: KubeObject | undefined, after: KubeObject | undefined): void {
    if (before) this.#cancelTimer(before.metadata.uid);
    const { hostName, standalone } = this.#options;
    if (!after || after.metadata.deletionTimestamp !== undefined || !belongsTo(after, hostName, standalone)) return;
    if (isAnswered(after)) return this.#deleteLater(after);
    this.#queue = this.#queue.then(() => this.#answer(after)).catch((error: unknown) => this.#options.failed(error));
  }

  async #answer({ metadata: { name, uid, generation } }: KubeObject): Promise<void> {
    const query = this.#cache.get('HostQuery', name);
    // It may be gone, changed or answered by now: the newest state has its own place in the queue.
    if (this.#stopped || query?.metadata.uid !== uid || query.metadata.generation !== generation || isAnswered(query)) return;
    const { client, hostName, clock } = this.#options;
    const { fields, conditions } = await this.#outcome(query);
    await client.writeStatus({ kind: 'HostQuery', name }, uid, {
      ...fields,
      hostName,
      observedGeneration: generation,
      completedAt: timestamp(clock.now()),
      conditions,
    });
  }

  async #outcome(query: KubeObject): Promise<{ readonly fields: object; readonly conditions: readonly Condition[] }> {
    try {
      const answer = await this.#options.answer(questionOf(query));
      const fields = answerFields(answer);
      if (!fields) return { fields: {}, conditions: this.#conditions(query, ready('False', 'AnswerTooLarge', 'The answer is too large for one object: ask for less, with spec.kinds or spec.names')) };
      const { incomplete, summary } = answer;
      const judged = incomplete ? ready('False', incomplete.reason, incomplete.message) : ready('True', 'Answered', summary.text ?? '');
      return { fields, conditions: this.#conditions(query, judged) };
    } catch (error) {
      if (!(error instanceof BadQuestion)) this.#options.failed(error);
      const reason = error instanceof BadQuestion ? 'BadQuestion' : 'InternalError';
      return { fields: {}, conditions: this.#conditions(query, ready('False', reason, error instanceof Error ? error.message : String(error))) };
    }
  }

  #conditions({ status, metadata: { generation: observedGeneration } }: KubeObject, judged: Judged): readonly Condition[] {
    const isBad = judged.reason === 'BadQuestion';
    const accepted: Judged = { type: 'Accepted', status: isBad ? 'False' : 'True', reason: isBad ? judged.reason : 'Valid', message: isBad ? judged.message : 'The question can be answered' };
    const { clock } = this.#options;
    return [accepted, judged].reduce((before, update) => setCondition(before, { ...update, observedGeneration }, clock), conditionsOf(status));
  }

  #deleteLater(query: KubeObject): void {
    const { name, uid } = query.metadata;
    const { client, clock, failed } = this.#options;
    const dueInMs = completedAt(query) + keptMs(query) - clock.now();
    const wait = Math.min(Math.max(dueInMs, 0), LONGEST_TIMER_MS);
    this.#timers.set(
      uid,
      clock.after(wait, () => {
        this.#timers.delete(uid);
        const current = this.#cache.get('HostQuery', name);
        if (current?.metadata.uid !== uid) return;
        if (dueInMs > LONGEST_TIMER_MS) this.#deleteLater(current);
        else client.delete({ kind: 'HostQuery', name }).catch(failed);
      }),
    );
  }

  #cancelTimer(uid: string): void {
    this.#timers.get(uid)?.();
    this.#timers.delete(uid);
  }
}

type Judged = Omit<ConditionUpdate, 'observedGeneration'>;

function ready(status: Condition['status'], reason: string, message: string): Judged {
  return { type: 'Ready', status, reason, message: message.slice(0, 32_768) };
}

function isAnswered({ status, metadata }: KubeObject): boolean {
  return isRecord(status) && status['observedGeneration'] === metadata.generation && typeof status['completedAt'] === 'string';
}

function completedAt({ status, metadata }: KubeObject): number {
  const text = isRecord(status) && typeof status['completedAt'] === 'string' ? status['completedAt'] : metadata.creationTimestamp;
  return Date.parse(text);
}

/** As the API stored them, so they are what its schema says. */
function conditionsOf(status: unknown): readonly Condition[] {
  return isRecord(status) && Array.isArray(status['conditions']) ? (status['conditions'] as readonly Condition[]) : [];
}
