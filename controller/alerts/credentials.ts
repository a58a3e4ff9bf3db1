import { createHmac } from 'node:crypto';

/** What a Secret lets us show or sign with. */
export interface Credentials {
  readonly token?: string;
  readonly basic?: { readonly username: string; readonly password: string };
  readonly hmacKey?: Buffer;
}

/** Reads a Secret's data, by key; undefined when none of the keys that we know is there. Line breaks at the end do not count. */
export function credentialsOf(data: ReadonlyMap<string, Buffer>): Credentials | undefined {
  const token = textOf(data, 'token');
  const username = textOf(data, 'username');
  const password = textOf(data, 'password');
  const hmacKey = data.get('hmacKey');
  const found: Credentials = {
    ...(token === undefined ? {} : { token }),
    ...(username === undefined || password === undefined ? {} : { basic: { username, password } }),
    ...(hmacKey === undefined || hmacKey.length === 0 ? {} : { hmacKey }),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}

/** The headers that show who sends: RFC 6750 (bearer), RFC 7617 (basic), and an HMAC-SHA256 over the body. */
export function credentialHeaders({ token, basic, hmacKey }: Credentials, body: string): Record<string, string> {
  return {
    ...(basic === undefined ? {} : { authorization: `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}` }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(hmacKey === undefined ? {} : { 'x-bridgekeeper-signature': `sha256=${createHmac('sha256', hmacKey).update(body).digest('hex')}` }),
  };
}

function textOf(data: ReadonlyMap<string, Buffer>, key: string): string | undefined {
  const text = data.get(key)?.toString('utf8').replace(/[\r\n]+$/, '');
  return text === '' ? undefined : text;
}
