import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../api/machinery/clock.ts';
import { post, resultOf } from '../../../../controller/alerts/post.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that never answers; its address. */
async function silent(): Promise<string> {
  server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/secret-path`;
}

describe('the answer to a message', () => {
  it.each([
    [200, undefined, { result: 'delivered' }],
    [204, undefined, { result: 'delivered' }],
    [301, undefined, { result: 'failed' }],
    [400, undefined, { result: 'rejected' }],
    [413, undefined, { result: 'rejected' }],
    [401, undefined, { result: 'failed', message: 'h answered 401; see the Secret that spec.secretRef names' }],
    [404, undefined, { result: 'failed' }],
    [429, '30', { result: 'failed', retryAfterMs: 30_000 }],
    [503, '99999999', { result: 'failed', retryAfterMs: 3_600_000 }],
    [503, 'Wed, 21 Oct 2015 07:28:00 GMT', { result: 'failed', message: 'h answered 503' }],
  ])('%i (Retry-After: %s) means %j', (status, retryAfter, meaning) => {
    expect(resultOf('h', status, retryAfter)).toMatchObject(meaning);
  });

  it('that does not come is waited for ten seconds, and the URL, which may be a secret, is not named', async () => {
    const clock = new FakeClock();
    const answer = post({ url: new URL(await silent()), headers: {}, body: '{}' }, clock);
    clock.advance(9_999);
    clock.advance(1);
    const result = await answer;
    expect(result).toMatchObject({ result: 'failed', message: expect.stringMatching(/^127\.0\.0\.1:\d+: no answer within 10 s$/) as unknown });
  });

  it('of nobody is a failure with its reason', async () => {
    const url = new URL(await silent());
    server?.close();
    server?.closeAllConnections();
    await once(server ?? createServer(), 'close');
    expect(await post({ url, headers: {}, body: '{}' }, systemClock)).toMatchObject({ result: 'failed', message: expect.stringContaining('ECONNREFUSED') as unknown });
  });
});
