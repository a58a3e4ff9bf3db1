import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Cause, Finding } from '../system.ts';
import type { NetplanStep } from './step.ts';

/** Something foreign that a file of netplan says. */
export interface FileFinding extends Finding {
  readonly filePath: string;
}

/**
 * What a file tells of who changed it: when it was written last, and whose it is; which process it was, nothing tells. Undefined for
 * what is no file. Reads before it returns, for the file is about to be written by us.
 */
export function causeOfFile(subject: NetplanStep | Finding, root: string): Promise<Cause | undefined> {
  const path = fileOf(subject);
  if (path === undefined) return Promise.resolve(undefined);
  const file = statSync(path, { throwIfNoEntry: false });
  // Where the file is gone, its folder was changed by that.
  const { mtimeMs, uid } = file ?? statSync(dirname(path));
  const command = `${file ? 'an edit' : 'the removal'} of ${path}`;
  return Promise.resolve({ commands: [{ command, process: 'Unknown', at: Math.round(mtimeMs) }], user: userName(uid, root), source: 'file' });
}

function fileOf(subject: NetplanStep | Finding): string | undefined {
  if ('filePath' in subject) return typeof subject.filePath === 'string' ? subject.filePath : undefined;
  if (!('kind' in subject) || (subject.kind !== 'stanza' && subject.kind !== 'file')) return undefined;
  const [taken] = subject.kind === 'stanza' ? (subject.takes ?? []) : [];
  return taken?.path ?? subject.file.path;
}

/** As passwd(5) has it; a number where it has none. */
function userName(uid: number, root: string): string {
  const passwd = readFileSync(join(root, 'etc/passwd'), 'utf8');
  const line = passwd.split('\n').find((each) => each.split(':')[2] === String(uid));
  return line?.split(':')[0] ?? `user ${uid}`;
}
