/** Which of some steps go together, and why the others don't. */
export interface Accepted<Step> {
  readonly accepted: readonly Step[];
  readonly refused: ReadonlyMap<Step, string>;
}

/**
 * Finds the steps that a check refuses, by halves, so that the others can be done: few checks where few are guilty.
 *
 * @param check says why these steps can't be done together, or undefined when they can; with no steps it must not refuse what
 *   no step could mend, or all are refused with its reason
 */
export async function acceptSteps<Step>(
  steps: readonly Step[],
  check: (steps: readonly Step[]) => Promise<string | undefined>,
): Promise<Accepted<Step>> {
  const accepted: Step[] = [];
  const refused = new Map<Step, string>();

  async function accept(group: readonly Step[], refusal: string | undefined): Promise<void> {
    const [only] = group;
    if (only === undefined) return;
    if (refusal === undefined) accepted.push(...group);
    else if (group.length === 1) refused.set(only, refusal);
    else {
      for (const half of halves(group)) await accept(half, await check([...accepted, ...half]));
    }
  }

  const refusal = await check(steps);
  const withoutAny = refusal === undefined ? undefined : await check([]);
  if (withoutAny !== undefined) return { accepted: [], refused: new Map(steps.map((step) => [step, withoutAny])) };
  await accept(steps, refusal);
  return { accepted, refused };
}

function halves<T>(items: readonly T[]): readonly (readonly T[])[] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
