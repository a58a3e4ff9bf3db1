import { describe, expect, it } from 'vitest';
import { inFlight } from '../../../../../api/server/operations/in-flight.ts';

describe('inFlight', () => {
  it('lets in as many as there are places, of each kind', () => {
    const room = inFlight({ reading: 2, writing: 1 });
    room.enter('reading');
    const leave = room.enter('reading');
    room.enter('writing');
    expect(() => room.enter('reading')).toThrow(expect.objectContaining({ code: 429 }));
    expect(() => room.enter('writing')).toThrow('Too many requests, please try again later.');
    leave();
    leave();
    expect(room.reading).toBe(1);
    room.enter('reading');
    expect(room.reading).toBe(2);
  });
});
