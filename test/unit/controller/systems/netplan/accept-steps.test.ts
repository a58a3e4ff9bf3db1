import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptSteps } from '../../../../../controller/systems/netplan/accept-steps.ts';

test('sets just the guilty aside', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 40 }), fc.func(fc.boolean()), async (steps, isBad) => {
      const check = (some: readonly number[]): Promise<string | undefined> => {
        const bad = some.find((step) => isBad(step));
        return Promise.resolve(bad === undefined ? undefined : `${bad} is bad`);
      };
      const { accepted, refused } = await acceptSteps(steps, check);
      expect(accepted).toEqual(steps.filter((step) => !isBad(step)));
      expect(refused).toEqual(new Map(steps.filter((step) => isBad(step)).map((step) => [step, `${step} is bad`])));
    }),
  );
});

test('asks once where all is well, and about twice for each halving where one of a thousand is not', async () => {
  let asked = 0;
  const check = (some: readonly number[]): Promise<string | undefined> => {
    asked++;
    return Promise.resolve(some.includes(700) ? 'bad' : undefined);
  };
  const steps = Array.from({ length: 1_000 }, (_, index) => index);
  await acceptSteps(steps.slice(0, 500), check);
  expect(asked).toBe(1);
  asked = 0;
  const { refused } = await acceptSteps(steps, check);
  expect([...refused.keys()]).toEqual([700]);
  expect(asked).toBeLessThan(25);
});

test('refuses all at once where nothing could be right', async () => {
  let asked = 0;
  const { accepted, refused } = await acceptSteps([1, 2, 3], () => {
    asked++;
    return Promise.resolve('another file is broken');
  });
  expect(accepted).toEqual([]);
  expect([...refused.values()]).toEqual(Array(3).fill('another file is broken'));
  expect(asked).toBe(2);
});
