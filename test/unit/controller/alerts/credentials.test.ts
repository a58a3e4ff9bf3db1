import { describe, expect, it } from 'vitest';
import { credentialHeaders, credentialsOf } from '../../../../controller/alerts/credentials.ts';

function headersFor(data: Record<string, string>, body = ''): Record<string, string> | undefined {
  const credentials = credentialsOf(new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value)])));
  return credentials && credentialHeaders(credentials, body);
}

describe('what a Secret holds', () => {
  it.each([
    ['a token is a bearer', { token: 't\n' }, { authorization: 'Bearer t' }],
    ['username and password are basic (RFC 7617, section 2)', { username: 'Aladdin', password: 'open sesame' }, { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' }],
    ['a key signs the body (RFC 4231, test case 2)', { hmacKey: 'Jefe' }, { 'x-bridgekeeper-signature': 'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843' }],
  ])('%s', (_what, data, headers) => {
    expect(headersFor(data, 'what do ya want for nothing?')).toEqual(headers);
  });

  it('may be a token and a key', () => {
    expect(Object.keys(headersFor({ token: 't', hmacKey: 'k' }) ?? {}).sort()).toEqual(['authorization', 'x-bridgekeeper-signature']);
  });

  it.each([[{}], [{ other: 'x' }], [{ token: '' }], [{ username: 'ann' }], [{ hmacKey: '' }]])('is of no use: %j', (data) => {
    expect(headersFor(data)).toBeUndefined();
  });
});
