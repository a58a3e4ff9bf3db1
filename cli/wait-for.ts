import type { Followed } from './api/follow.ts';
import { objectsAt, textAt, type JsonObject } from './api/json.ts';
import type { ResourceType } from './api/resource-type.ts';
import type { Session } from './session.ts';

/** One object that is waited for. With a `uid`, another object of the same name counts as its absence. */
export interface WaitTarget {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid?: string;
}

/** What is waited for. `judge` gets the object as it is now, or undefined where there is none. */
export interface Goal {
  judge(object: JsonObject | undefined): 'met' | 'open' | { readonly failed: string };
}

export interface WaitOptions {
  readonly goal: Goal;
  /** 0 looks once; negative waits for ever. */
  readonly timeoutMs: number;
  met(target: WaitTarget): void;
  failed(target: WaitTarget, why: string): void;
  /** Called once, after some seconds, with what is still open. */
  slow?(open: readonly OpenTarget[]): void;
}

/** A target that was not met, and how it looked last. */
export interface OpenTarget {
  readonly target: WaitTarget;
  readonly object: JsonObject | undefined;
}

const SLOW_MS = 5_000;

/** Waits until each target has met the goal or failed; answers those that were still open when time ran out. */
export async function waitFor(session: Session, targets: readonly WaitTarget[], options: WaitOptions): Promise<OpenTarget[]> {
  const { clock, signal } = session.surroundings;
  const enough = new AbortController();
  const groups = groupsOf(targets).map((group) => new WaitGroup(session, group, options, AbortSignal.any([signal, enough.signal])));
  const open = (): OpenTarget[] => groups.flatMap((group) => group.open());
  const timers = [
    ...(options.timeoutMs > 0 ? [after(options.timeoutMs, () => enough.abort())] : []),
    ...(options.slow ? [after(SLOW_MS, () => options.slow?.(open()))] : []),
  ];
  function after(delayMs: number, then: () => void): Promise<void> {
    return clock.sleep(delayMs, enough.signal).then(then, () => undefined);
  }
  try {
    await Promise.all(groups.map((group) => group.run()));
  } finally {
    enough.abort();
    await Promise.all(timers);
  }
  return open();
}

/** One list-and-watch serves all targets of one kind in one namespace. */
function groupsOf(targets: readonly WaitTarget[]): WaitTarget[][] {
  const groups = new Map<string, WaitTarget[]>();
  for (const target of targets) {
    const key = `${target.type.group}/${target.type.plural}/${target.namespace ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), target]);
  }
  return [...groups.values()];
}

class WaitGroup {
  readonly #session: Session;
  readonly #options: WaitOptions;
  readonly #signal: AbortSignal;
  readonly #type: ResourceType | undefined;
  readonly #namespace: string | undefined;
  readonly #open: Map<string, OpenTarget>;

  constructor(session: Session, targets: readonly WaitTarget[], options: WaitOptions, signal: AbortSignal) {
    this.#session = session;
    this.#options = options;
    this.#signal = signal;
    this.#type = targets[0]?.type;
    this.#namespace = targets[0]?.namespace;
    this.#open = new Map(targets.map((target) => [target.name, { target, object: undefined }]));
  }

  open(): OpenTarget[] {
    return [...this.#open.values()];
  }

  async run(): Promise<void> {
    if (this.#type === undefined) return;
    const names = [...this.#open.keys()];
    const selection = {
      ...(this.#namespace !== undefined && { namespace: this.#namespace }),
      ...(names.length === 1 && { fieldSelector: `metadata.name=${names[0] ?? ''}` }),
    };
    for await (const followed of this.#session.follow(this.#type, selection, this.#signal)) {
      this.#look(followed);
      const isOnce = this.#options.timeoutMs === 0 && followed.type === 'LISTED';
      if (this.#open.size === 0 || isOnce) return;
    }
  }

  #look(followed: Followed): void {
    if (followed.type !== 'LISTED') {
      this.#judge(nameOf(followed.object), followed.type === 'DELETED' ? undefined : followed.object);
      return;
    }
    const objects = new Map(objectsAt(followed.list, 'items').map((object) => [nameOf(object), object]));
    for (const name of [...this.#open.keys()]) this.#judge(name, objects.get(name));
  }

  #judge(name: string, object: JsonObject | undefined): void {
    const waiting = this.#open.get(name);
    if (waiting === undefined) return;
    const { target } = waiting;
    const isSame = target.uid === undefined || textAt(object, 'metadata', 'uid') === target.uid;
    const own = isSame ? object : undefined;
    const verdict = this.#options.goal.judge(own);
    if (verdict === 'open') {
      this.#open.set(name, { target, object: own });
      return;
    }
    this.#open.delete(name);
    if (verdict === 'met') this.#options.met(target);
    else this.#options.failed(target, verdict.failed);
  }
}

function nameOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'name') ?? '';
}
