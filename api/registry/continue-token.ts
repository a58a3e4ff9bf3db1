import { badRequest } from '../machinery/api-error.ts';
import { fieldOf, stringOf } from '../machinery/json.ts';

export interface ContinueToken {
  /** The last name that was sent. */
  readonly after: string;
  /** The snapshot that the list shows; -1 goes on with the newest state. */
  readonly revision: number;
}

const VERSION = 'meta.k8s.io/v1';

/** The token as kube-apiserver makes it: the key just after the last one sent, base64url without padding. */
export function encodeContinue(token: ContinueToken): string {
  const json = JSON.stringify({ v: VERSION, rv: token.revision, start: `/${token.after}\u0000` });
  return Buffer.from(json, 'utf8').toString('base64url');
}

/** Throws a 400 `ApiError` for what was not made by `encodeContinue`. */
export function decodeContinue(text: string): ContinueToken {
  if (!/^[-_A-Za-z0-9]+$/.test(text)) throw invalidToken(`: illegal base64 data at input byte ${text.search(/[^-_A-Za-z0-9]/)}`);
  const json = Buffer.from(text, 'base64url').toString('latin1');
  const value = parsed(json);
  if (fieldOf(value, 'v') !== VERSION) {
    throw invalidToken(`: server does not recognize this encoded version ${stringOf(fieldOf(value, 'v')) ?? ''}`);
  }
  const revision = fieldOf(value, 'rv');
  if (typeof revision !== 'number' || !Number.isSafeInteger(revision) || revision === 0) {
    throw invalidToken(`: incorrect encoded start resourceVersion (version ${VERSION})`);
  }
  const start = fieldOf(value, 'start');
  if (typeof start !== 'string' || start === '') throw invalidToken(`: encoded start key empty (version ${VERSION})`);
  const key = start.startsWith('/') ? start.slice(1) : start;
  if (/^\/|\/\/|(^|\/)\.\.?(\/|$)/.test(key)) throw invalidToken(`: ${start}`);
  return { after: key.endsWith('\u0000') ? key.slice(0, -1) : key, revision };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalidToken(`: ${goSyntaxProblem(json)}`);
  }
}

/** What Go says of a text that does not begin as JSON; of other mistakes, that the text ends too soon. */
function goSyntaxProblem(json: string): string {
  const first = json.charAt(0);
  if (/[[{"\-0-9tfn]/.test(first)) return 'unexpected end of JSON input';
  const code = first.charCodeAt(0);
  const shown = code < 0x20 || code > 0x7e ? `\\x${code.toString(16).padStart(2, '0')}` : first;
  return `invalid character '${shown}' looking for beginning of value`;
}

function invalidToken(detail: string): Error {
  return badRequest(`invalid continue token: continue key is not valid${detail}`);
}
