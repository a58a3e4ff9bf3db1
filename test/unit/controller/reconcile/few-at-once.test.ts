import { describe, expect, it } from 'vitest';
import { FewAtOnce } from '../../../../controller/reconcile/few-at-once.ts';

describe('few at once', () => {
  it('runs so many and no more, all in the end, in order, past one that fails', async () => {
    const few = new FewAtOnce(2);
    const [begun, failed]: [number[], number[]] = [[], []];
    let [running, most] = [0, 0];
    await Promise.all(
      Array.from({ length: 7 }, (_, index) =>
        few
          .run(async () => {
            begun.push(index);
            most = Math.max(most, (running += 1));
            await new Promise((resolve) => setImmediate(resolve));
            running -= 1;
            if (index === 3) throw new Error('no');
          })
          .catch(() => failed.push(index)),
      ),
    );
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBe(2);
    expect(failed).toEqual([3]);
  });
});
