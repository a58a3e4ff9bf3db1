import { readFileSync } from 'node:fs';

/** What a process did to its files and said on its standard output, in order, as strace saw it. */
export type DiskEvent =
  | { readonly type: 'write'; readonly file: string; readonly offset: number; readonly data: Buffer }
  | { readonly type: 'truncate'; readonly file: string; readonly length: number }
  | { readonly type: 'unlink'; readonly file: string }
  /** What was done to the file before `sync-begin` is on disk at `sync-end`. */
  | { readonly type: 'sync-begin' | 'sync-end'; readonly file: string; id: number }
  | { readonly type: 'said'; readonly text: string };

/** The arguments that make strace write what `readDiskTrace` reads. */
export const STRACE_ARGUMENTS = ['-f', '--seccomp-bpf', '-y', '-xx', '-s', '1000000', '-e', 'trace=write,pwrite64,fsync,fdatasync,ftruncate,unlink'];

/** strace pads the number of the thread. */
const CALL = /^(\d+) +(\w+)\((.*)$/;
const RESUMED = /^(\d+) +<\.\.\. \w+ resumed>/;
/** A descriptor with its path; what is written; numbers. */
const ARGUMENTS = /^(\d+)<([^>]*)>(?:, "([^"]*)")?(?:, (\d+))?(?:, (\d+))?/;
const QUOTED = /"([^"]*)"/;
const STANDARD_OUTPUT = '1';

/** Reads what strace wrote about the files whose path starts with `prefix`. */
export function readDiskTrace(trace: string, prefix: string): DiskEvent[] {
  const events: DiskEvent[] = [];
  /** By thread: what is done when its call returns. */
  const unfinished = new Map<string, DiskEvent>();
  let syncs = 0;
  for (const line of readFileSync(trace, 'latin1').split('\n')) {
    const [, resumed] = RESUMED.exec(line) ?? [];
    if (resumed !== undefined) {
      const ended = unfinished.get(resumed);
      unfinished.delete(resumed);
      if (ended !== undefined) events.push(ended);
      continue;
    }
    const [, thread, name = '', rest = ''] = CALL.exec(line) ?? [];
    const done = eventOf(name, rest, prefix);
    if (thread === undefined || done === undefined) continue;
    if (done.type === 'sync-end') {
      syncs += 1;
      events.push({ ...done, type: 'sync-begin', id: syncs });
      done.id = syncs;
    }
    if (rest.endsWith('<unfinished ...>') && done.type !== 'said') unfinished.set(thread, done);
    else events.push(done);
  }
  return events;
}

/** What a call has done when it returns; undefined where that is none of ours. */
function eventOf(name: string, rest: string, prefix: string): DiskEvent | undefined {
  const [, descriptor, path = '', text = '', first, second] = ARGUMENTS.exec(rest) ?? [];
  if (name === 'write' && descriptor === STANDARD_OUTPUT) return { type: 'said', text: bytesOf(text).toString() };
  const file = bytesOf(name === 'unlink' ? (QUOTED.exec(rest)?.[1] ?? '') : path).toString();
  if (!file.startsWith(prefix)) return undefined;
  switch (name) {
    case 'pwrite64':
      return { type: 'write', file, offset: Number(second), data: bytesOf(text) };
    case 'ftruncate':
      return { type: 'truncate', file, length: Number(first) };
    case 'fsync':
    case 'fdatasync':
      return { type: 'sync-end', file, id: 0 };
    case 'unlink':
      return { type: 'unlink', file };
    default:
      throw new Error(`the trace has a ${name} of ${file}, which this does not know`);
  }
}

function bytesOf(escaped: string): Buffer {
  return Buffer.from(escaped.replaceAll('\\x', ''), 'hex');
}
