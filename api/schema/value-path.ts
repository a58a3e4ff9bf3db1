/** The way from the root to the value at hand: names of members and indices of items. Walkers push and pop. */
export type ValuePath = (string | number)[];

/** As kube-openapi's validator writes it: `spec.uplinks[0].name`, and a key of a map like a member: `labels.app`. */
export function valuePathText(path: Readonly<ValuePath>): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}
