import { describe, expect, it } from 'vitest';
import { Courier, type Delivery } from '../../../../controller/alerts/courier.ts';
import { Outbox, type Message } from '../../../../controller/alerts/outbox.ts';
import type { PostResult } from '../../../../controller/alerts/post.ts';
import { VolatileMap } from '../../../../controller/journal/durable-map.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';
import { alert } from './alert-fixture.ts';

const FAILED: PostResult = { result: 'failed', message: 'nobody is there' };

class Bench {
  readonly clock = new FakeClock();
  readonly outbox = new Outbox(new VolatileMap());
  readonly sent: { readonly at: number; readonly message: Message }[] = [];
  readonly ended: Delivery[] = [];
  readonly courier: Courier;
  readonly #start = this.clock.now();
  /** The answers to come; then all is taken. */
  answers: PostResult[] = [];

  constructor() {
    this.courier = new Courier({
      uid: 'r1',
      outbox: this.outbox,
      clock: this.clock,
      random: () => 0,
      send: (message) => {
        this.sent.push({ at: this.clock.now() - this.#start, message });
        return Promise.resolve(this.answers.shift() ?? { result: 'delivered' });
      },
      ended: (delivery) => this.ended.push(delivery),
    });
  }

  tell(id: string): void {
    this.outbox.append('r1', alert({ id }), this.clock.now());
    this.courier.wake();
  }

  /** Lets time pass in small steps, and what falls due be done. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      this.clock.advance(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  get times(): number[] {
    return this.sent.map(({ at }) => at);
  }
}

describe('a courier', () => {
  it('waits a moment, and takes a burst at once', async () => {
    const bench = new Bench();
    for (const id of ['1', '2', '3']) bench.tell(id);
    await bench.pass(1_000);
    expect(bench.times).toEqual([250]);
    expect(bench.sent[0]?.message.alerts).toHaveLength(3);
    expect(bench.ended).toMatchObject([{ outcome: 'Delivered' }]);
    expect(bench.outbox.first('r1')).toBeUndefined();
  });

  it('rests between two messages, and gathers meanwhile', async () => {
    const bench = new Bench();
    bench.tell('1');
    await bench.pass(500);
    bench.tell('2');
    await bench.pass(500);
    bench.tell('3');
    await bench.pass(3_000);
    expect(bench.times).toEqual([250, 2_250]);
    expect(bench.sent[1]?.message.alerts.map(({ id }) => id)).toEqual(['2', '3']);
  });

  it('tries again ever more rarely, as the same message, and keeps the others behind it', async () => {
    const bench = new Bench();
    bench.answers = [FAILED, FAILED, FAILED];
    bench.tell('1');
    await bench.pass(300);
    bench.tell('2');
    await bench.pass(12_000);
    expect(bench.times).toEqual([250, 1_250, 3_250, 7_250, 9_250]);
    expect(bench.sent.map(({ message }) => message.alerts.map(({ id }) => id).join())).toEqual(['1', '1', '1', '1', '2']);
    expect(new Set(bench.sent.slice(0, 4).map(({ message }) => message.id)).size).toBe(1);
    expect(bench.ended.map(({ outcome }) => outcome)).toEqual(['Retried', 'Retried', 'Retried', 'Delivered', 'Delivered']);
  });

  it('never waits for longer than five minutes', async () => {
    const bench = new Bench();
    bench.answers = Array.from({ length: 40 }, () => FAILED);
    bench.tell('1');
    await bench.pass(3_600_000);
    const gaps = bench.times.slice(1).map((at, index) => at - (bench.times[index] ?? 0));
    expect(Math.max(...gaps)).toBe(300_000);
  });

  it('waits as long as it is asked to', async () => {
    const bench = new Bench();
    bench.answers = [{ result: 'failed', message: 'busy', retryAfterMs: 30_000 }];
    bench.tell('1');
    await bench.pass(40_000);
    expect(bench.times).toEqual([250, 30_250]);
  });

  it('gives up what is refused for good, and goes on with the next', async () => {
    const bench = new Bench();
    bench.answers = [{ result: 'rejected', message: 'no' }];
    bench.tell('1');
    await bench.pass(300);
    bench.tell('2');
    await bench.pass(3_000);
    expect(bench.ended).toMatchObject([{ outcome: 'Failed', error: 'no' }, { outcome: 'Delivered' }]);
  });

  it('gives up what nobody took for three days', async () => {
    const bench = new Bench();
    bench.tell('1');
    bench.answers = [FAILED, FAILED];
    await bench.pass(300);
    bench.clock.advance(3 * 24 * 3_600_000);
    await bench.pass(1_000);
    expect(bench.ended.map(({ outcome }) => outcome)).toEqual(['Retried', 'Failed']);
    expect(bench.outbox.first('r1')).toBeUndefined();
  });

  it('tries at once when the receiver was changed', async () => {
    const bench = new Bench();
    bench.answers = [FAILED, FAILED, FAILED, FAILED];
    bench.tell('1');
    await bench.pass(8_000);
    const tries = bench.sent.length;
    bench.courier.forgetFailures();
    expect(bench.sent).toHaveLength(tries + 1);
  });

  it('sends nothing after its end', async () => {
    const bench = new Bench();
    bench.tell('1');
    await bench.courier.stop();
    await bench.pass(5_000);
    expect(bench.sent).toEqual([]);
  });
});
