import { hash, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isRecord } from '../../machinery/json.ts';
import type { TokenRecord } from './authenticator.ts';
import { ROLES } from './identity.ts';
import type { Role } from './identity.ts';

/** `tokens.json` in the data directory: who may come in, and as what. It holds digests, no tokens. */
export function parseTokenFile(text: string): TokenRecord[] {
  const content: unknown = JSON.parse(text);
  if (!isRecord(content) || !Array.isArray(content.tokens)) throw new Error('token file: "tokens" must be a list');
  return content.tokens.map(parseRecord);
}

export function printTokenFile(records: readonly TokenRecord[]): string {
  return `${JSON.stringify({ tokens: records }, null, 2)}\n`;
}

/** 256 random bits, as text that fits into a header. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

export function recordOf(token: string, userName: string, role: Role): TokenRecord {
  return { userName, role, sha256: hash('sha256', token, 'hex') };
}

/** Changes whenever the file was written; the empty string while there is none. */
export async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${ino}:${size}:${mtimeMs}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function parseRecord(value: unknown, index: number): TokenRecord {
  if (!isRecord(value)) throw new Error(`token file: tokens[${index}] must be an object`);
  const { userName, role, sha256 } = value;
  if (typeof userName !== 'string' || userName === '') throw new Error(`token file: tokens[${index}].userName is missing`);
  const known = ROLES.find((each) => each === role);
  if (known === undefined) throw new Error(`token file: tokens[${index}].role must be one of ${ROLES.join(', ')}`);
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new Error(`token file: tokens[${index}].sha256 must be 64 hex digits`);
  }
  return { userName, role: known, sha256 };
}
