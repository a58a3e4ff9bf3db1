import { expect, it } from 'vitest';
import { createRecordReader } from '../../../../../controller/systems/netplan/known-records.ts';
import { FakeClock } from '../../../../fixtures/fake-clock.ts';

const parse = (json: string): readonly object[] => JSON.parse(json) as object[];
const [a, b, c] = [{ name: 'a', list: [1, 2] }, { name: 'b' }, { name: 'c', text: '},{' }];

it('reads the same objects again where their text is the same, and new ones where it is not', async () => {
  const read = createRecordReader(parse, new FakeClock());
  const before = await read(JSON.stringify([a, b, c]));
  const after = await read(JSON.stringify([c, { name: 'b', up: true }, a]));
  expect(after).toEqual([c, { name: 'b', up: true }, a]);
  expect(after[0]).toBe(before[2]);
  expect(after[2]).toBe(before[0]);
});

it('forgets what did not stand in the last text', async () => {
  const read = createRecordReader(parse, new FakeClock());
  const [before] = await read(JSON.stringify([a]));
  await read('[]');
  const [after] = await read(JSON.stringify([a]));
  expect(after).toEqual(a);
  expect(after).not.toBe(before);
});

it('lets others go first when it takes long', async () => {
  const clock = new FakeClock();
  let othersTurns = 0;
  const read = createRecordReader((json) => {
    clock.advance(3);
    setImmediate(() => (othersTurns += 1));
    return parse(json);
  }, clock);
  await read(JSON.stringify([a, b, c]));
  expect(othersTurns).toBe(2);
});

it('tells what can not be read', async () => {
  await expect(createRecordReader(parse, new FakeClock())('no JSON')).rejects.toThrow(SyntaxError);
});
