import type { HostQueryStatus } from '../../api/generated/kinds.ts';
import type { Manifest } from '../../api/machinery/object.ts';
import { MAX_PACKED_LENGTH, pack } from './packed.ts';

type Status = NonNullable<HostQueryStatus>;

/** The lists of an answer, which may be long. */
export type AnswerLists = Pick<Status, 'steps' | 'impact' | 'problems' | 'remarks' | 'checks'> & { readonly objects?: readonly Manifest[] };

/** An answer as fields of status. */
export type AnswerFields = Pick<Status, 'summary' | 'packed'> & AnswerLists;

/** What is answered, before it is written down. */
export interface Answer {
  readonly summary: NonNullable<Status['summary']>;
  readonly lists: AnswerLists;
  /** Set where part of the host could not be read: the lists then tell of the rest only. */
  readonly incomplete?: { readonly reason: string; readonly message: string };
}

/** Above this many characters the lists are packed: a plain answer stays readable in kubectl get -o yaml. */
const MAX_PLAIN_LENGTH = 262_144;
const MAX_PLAIN_ITEMS = 1_000;

/** The answer as fields of status; undefined where it is too large even packed. */
export function answerFields({ summary, lists }: Answer): AnswerFields | undefined {
  const isLong = Object.values(lists).some((list) => list.length > MAX_PLAIN_ITEMS) || JSON.stringify(lists).length > MAX_PLAIN_LENGTH;
  if (!isLong) return { summary, ...lists };
  const packed = pack(lists);
  return packed.length > MAX_PACKED_LENGTH ? undefined : { summary, packed };
}
