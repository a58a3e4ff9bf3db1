import { numberAt, shown, type JsonObject } from './api/json.ts';
import { didYouMean } from './arguments/suggest.ts';
import { UsageError } from './errors.ts';
import { conditionsOf } from './output/object-text.ts';
import type { Goal } from './wait-for.ts';

/** A goal as `--for` says it, with words for what is missing and for when it is met. */
export interface NamedGoal extends Goal {
  /** `condition Ready` */
  readonly text: string;
  /** `condition met` */
  readonly done: string;
  /** How it stands: `Ready is False (BridgeNotFound): there is no bridge "x"`. */
  progress(object: JsonObject | undefined): string;
}

/** Reads `condition=Ready`, `condition=Ready=False`, `delete`, `create`, `jsonpath={.path}=value`. Throws UsageError. */
export async function parseGoal(text: string): Promise<NamedGoal> {
  const [word = '', ...rest] = text.split('=');
  const value = rest.join('=');
  if (word === 'delete' && value === '') return gone;
  if (word === 'create' && value === '') return there;
  if (word === 'condition' && value !== '') return conditionGoal(value);
  if (word === 'jsonpath' && value !== '') return jsonpathGoal(value);
  const hint = didYouMean(word, ['condition', 'delete', 'create', 'jsonpath']);
  throw new UsageError(`--for=${text}: must be condition=NAME, condition=NAME=False, delete, create or jsonpath='{.path}'=VALUE.${hint}`);
}

/** Met when the object is no more. */
export const gone: NamedGoal = {
  text: 'its end',
  done: 'deleted',
  judge: (object) => (object === undefined ? 'met' : 'open'),
  progress: (object) => (object === undefined ? '' : holdersOf(object)),
};

const there: NamedGoal = {
  text: 'its creation',
  done: 'created',
  judge: (object) => (object === undefined ? 'open' : 'met'),
  progress: () => 'it does not exist',
};

const MISSING = { failed: 'there is no such object' } as const;

function conditionGoal(value: string): NamedGoal {
  const [name = '', wanted = 'True'] = value.split('=');
  const find = (object: JsonObject | undefined) =>
    object === undefined ? undefined : conditionsOf(object).find((condition) => condition.type.toLowerCase() === name.toLowerCase());
  return {
    text: wanted === 'True' ? `condition ${name}` : `condition ${name}=${wanted}`,
    done: 'condition met',
    judge(object) {
      if (object === undefined) return MISSING;
      const condition = find(object);
      const isMet = condition !== undefined && condition.status.toLowerCase() === wanted.toLowerCase() && !isStale(object, condition.observedGeneration);
      return isMet ? 'met' : 'open';
    },
    progress(object) {
      const condition = find(object);
      if (object === undefined || condition === undefined) return `it has no condition ${name} yet`;
      const stale = isStale(object, condition.observedGeneration) ? ', as of an older spec' : '';
      const message = condition.message === '' ? '' : `: ${condition.message}`;
      return `${condition.type} is ${condition.status} (${condition.reason}${stale})${message}`;
    },
  };
}

/** A condition that was computed from an older spec says nothing about this one. */
function isStale(object: JsonObject, observedGeneration: number | undefined): boolean {
  const generation = numberAt(object, 'metadata', 'generation');
  return observedGeneration !== undefined && generation !== undefined && observedGeneration < generation;
}

async function jsonpathGoal(value: string): Promise<NamedGoal> {
  const found = /^(\{.*\}|[^=]+)(?:=(.*))?$/s.exec(value);
  if (!found) throw new UsageError(`--for=jsonpath=${value}: write jsonpath='{.path}'=VALUE.`);
  const [, template = '', wanted] = found;
  const { compilePath } = await import('./jsonpath/evaluate.ts');
  const valuesAt = compilePath(template);
  return {
    text: wanted === undefined ? template : `${template}=${wanted}`,
    done: 'condition met',
    judge(object) {
      if (object === undefined) return MISSING;
      const values = valuesAt(object);
      const isMet = wanted === undefined ? values.length > 0 : values.length > 0 && values.every((own) => shown(own) === wanted);
      return isMet ? 'met' : 'open';
    },
    progress(object) {
      const values = object === undefined ? [] : valuesAt(object);
      return values.length === 0 ? 'there is no such field' : `it is ${values.map(shown).join(', ')}`;
    },
  };
}

/** What keeps an object that is being deleted: its finalizers, and what its Ready condition says about them. */
export function holdersOf(object: JsonObject): string {
  const metadata = object['metadata'];
  const finalizers = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? metadata['finalizers'] : undefined;
  const held = Array.isArray(finalizers) && finalizers.length > 0 ? `held by ${finalizers.map(shown).join(', ')}` : 'it is still there';
  const ready = conditionsOf(object).find((condition) => condition.type === 'Ready');
  return ready?.message ? `${held}; ${ready.reason}: ${ready.message}` : held;
}
