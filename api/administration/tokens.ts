import { join } from 'node:path';
import type { Clock } from '../machinery/clock.ts';
import { TOKEN_FILE } from '../server/data-dir.ts';
import { withAccessLock } from '../server/identity/access-lock.ts';
import type { TokenRecord } from '../server/identity/authenticator.ts';
import type { Role } from '../server/identity/identity.ts';
import { newToken, parseTokenFile, printTokenFile, recordOf } from '../server/identity/token-file.ts';
import { readIfThere } from '../server/tls/read-if-there.ts';
import { writeFileAtomically } from '../machinery/durable-file.ts';
import { Refusal } from './refusal.ts';

const ID_LENGTH = 12;

/** A token as it may be shown: its id is the beginning of its digest. */
export interface ListedToken {
  readonly id: string;
  readonly userName: string;
  readonly role: Role;
}

/** A new token beside those that the user has already; a running server knows it within seconds. It is said only here. */
export async function createToken(dataDirectory: string, clock: Clock, { userName, role }: Pick<TokenRecord, 'userName' | 'role'>): Promise<string> {
  const token = newToken();
  await withAccessLock(dataDirectory, clock, async () => write(dataDirectory, [...(await read(dataDirectory)), recordOf(token, userName, role)]));
  return token;
}

export async function listTokens(dataDirectory: string): Promise<readonly ListedToken[]> {
  return (await read(dataDirectory)).map(({ sha256, userName, role }) => ({ id: idOf(sha256), userName, role }));
}

/** Takes away one token by its id, or all of a user; a running server forgets them within seconds. Throws a `Refusal` where there is none. */
export function deleteTokens(dataDirectory: string, clock: Clock, which: { readonly id: string } | { readonly userName: string }): Promise<number> {
  return withAccessLock(dataDirectory, clock, async () => {
    const records = await read(dataDirectory);
    const kept = records.filter(({ sha256, userName }) => ('id' in which ? idOf(sha256) !== which.id : userName !== which.userName));
    if (kept.length === records.length) throw new Refusal(`there is no token ${'id' in which ? which.id : `of ${which.userName}`}; see: bridgekeeper token list`);
    await write(dataDirectory, kept);
    return records.length - kept.length;
  });
}

function idOf(sha256: string): string {
  return sha256.slice(0, ID_LENGTH);
}

async function read(dataDirectory: string): Promise<readonly TokenRecord[]> {
  const text = await readIfThere(join(dataDirectory, TOKEN_FILE));
  if (text === undefined) throw new Refusal(`${dataDirectory} has no ${TOKEN_FILE}; say --data-dir, or start bridgekeeper once`);
  return parseTokenFile(text);
}

function write(dataDirectory: string, records: readonly TokenRecord[]): Promise<void> {
  return writeFileAtomically(join(dataDirectory, TOKEN_FILE), printTokenFile(records), 0o600);
}
