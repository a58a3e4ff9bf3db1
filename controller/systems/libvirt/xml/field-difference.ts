/** A setting that is not the same in what is desired and what was found, in words. */
export interface FieldDifference {
  /** Within its thing: `vlan`, `disk[root].format`. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** For a message: `vlan is access 7 and should be access 100`. */
export function differenceText({ field, expected, found }: FieldDifference): string {
  return `${field} is ${found === '' ? 'not there' : found} and should ${expected === '' ? 'not be there' : `be ${expected}`}`;
}
