import { COMMENT_PREFIX } from '../apply/comment.ts';

/** Who signed a transaction, by its comment. */
export type Signature =
  | { readonly by: 'us' }
  /** The server's own rewriting of the file, which changes nothing. */
  | { readonly by: 'compaction' }
  | { readonly by: 'others'; readonly command: string; readonly process: string };

/** What ovs-vsctl writes: `ovs-vsctl (invoked by /bin/bash): ovs-vsctl set port vnet100 tag=200`. */
const CTL_COMMENT = /^(?<program>[\w.-]+)(?: \(invoked by (?<process>.*?)\))?: (?<command>\k<program> .*)$/s;
const COMPACTION = /^compact(?:ing|ed) /;
const UNKNOWN = 'Unknown';
/** In the place of a command: a bare OVSDB client, such as `ovsdb-client transact`, does not say what it does. */
export const NO_COMMENT = 'a transaction without a comment';

export function readSignature(comment: unknown): Signature {
  if (typeof comment !== 'string' || comment === '') return { by: 'others', command: NO_COMMENT, process: UNKNOWN };
  if (comment.startsWith(COMMENT_PREFIX)) return { by: 'us' };
  if (COMPACTION.test(comment)) return { by: 'compaction' };
  const { command = comment, process = UNKNOWN } = CTL_COMMENT.exec(comment)?.groups ?? {};
  return { by: 'others', command: maskSecrets(command), process: process || UNKNOWN };
}

const SECRET_NAMES = String.raw`[\w:-]*(?:passw(?:or)?d|passphrase|secret|token|psk|api[-_]?key|private[-_]?key|credentials?)[\w-]*`;
const SECRET_VALUE = String.raw`(?:\\"(?:(?!\\").)*\\"|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,"']+)`;
const ASSIGNED_SECRET = new RegExp(`(${SECRET_NAMES}(?:=|\\s+))${SECRET_VALUE}`, 'gi');
const URL_PASSWORD = /(:\/\/[^\s:/@]+:)[^\s@/]+(?=@)/g;

/** Hides what looks like a password, a token or a key in a command line. */
export function maskSecrets(command: string): string {
  return command.replace(ASSIGNED_SECRET, '$1***').replace(URL_PASSWORD, '$1***');
}
