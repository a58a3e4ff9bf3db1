import type { Clock } from '../../../api/machinery/clock.ts';
import { Turns } from '../turns.ts';
import { arrayPieces } from './array-pieces.ts';

/**
 * Reads JSON arrays of which each has much of the one before: an element that stood in that one, to the letter, is read to the very
 * same object as then, so that what is found out of it need not be found out again. A thousand devices are megabytes of text, so it
 * is read in short turns.
 *
 * @param parse what a JSON array of one element is read to; throws what the reader is to throw
 */
export function createRecordReader<T>(parse: (json: string) => readonly T[], clock: Clock): (json: string) => Promise<readonly T[]> {
  let known: ReadonlyMap<string, readonly T[]> = new Map();

  return async (json) => {
    const read = new Map<string, readonly T[]>();
    const records: T[] = [];
    const turns = new Turns(clock);
    for (const element of arrayPieces(json, 1)) {
      if (turns.isOver()) await turns.next();
      const parsed = known.get(element) ?? parse(element);
      read.set(element, parsed);
      records.push(...parsed);
    }
    known = read;
    return records;
  };
}
