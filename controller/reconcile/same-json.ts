/** True when two JSON values are equal; what is the same object needs no look inside. Keys that are undefined count as absent. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  const [mine, theirs] = [entriesOf(a), entriesOf(b)];
  return mine.length === theirs.length && mine.every(([key, value]) => Object.hasOwn(b, key) && sameJson(value, Reflect.get(b, key)));
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, field]) => field !== undefined);
}
