import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { finished } from './finished.ts';

/** A kind of request that requests.lua knows. */
export type BenchVerb = 'get' | 'list' | 'create' | 'patch' | 'status' | 'apply' | 'reapply';

export interface WrkRun {
  readonly verb: BenchVerb;
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  readonly seconds: number;
  /** How many objects there are to change. */
  readonly objects: number;
}

export interface WrkResult {
  readonly requests: number;
  readonly perSecond: number;
  /** Answered with a code from 400 on. */
  readonly refused: number;
  /** Not answered. */
  readonly broken: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const SCRIPT = path.join(import.meta.dirname, 'requests.lua');
const GRACE_SECONDS = 10;

/** Puts load on the server for a while. Throws when wrk fails. */
export async function runWrk({ verb, url, token, connections, seconds, objects }: WrkRun): Promise<WrkResult> {
  const { stdout } = await finished('wrk', ['--threads', '2', '--connections', String(connections), '--duration', `${seconds}s`, '--script', SCRIPT, url], {
    env: { PATH: process.env['PATH'] ?? '', BENCH_VERB: verb, BENCH_TOKEN: token, BENCH_NAMES: String(objects) },
    timeoutMs: (seconds + GRACE_SECONDS) * 1000,
  });
  return resultOf(stdout);
}

function resultOf(stdout: string): WrkResult {
  const line = stdout.split('\n').findLast((each) => each.startsWith('{'));
  const said = (field: string): number => {
    const value = Number(new RegExp(`"${field}":([\\d.]+)`).exec(line ?? '')?.[1]);
    if (Number.isNaN(value)) throw new Error(`wrk said nothing of ${field}:\n${stdout}`);
    return value;
  };
  const requests = said('requests');
  return {
    requests,
    perSecond: requests / (said('microseconds') / 1e6),
    refused: said('refused'),
    broken: said('broken'),
    p50Ms: said('p50Ms'),
    p99Ms: said('p99Ms'),
  };
}

/** Installs wrk where it is missing. Throws, saying what to do, where that can't be done. */
export function needWrk(): void {
  if (isThere()) return;
  const mayInstall = process.getuid?.() === 0;
  if (!mayInstall) throw new Error('wrk is missing; install it as root: apt-get install wrk');
  execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', 'wrk'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (!isThere()) throw new Error('wrk is missing, and apt-get did not install it');
}

/** Called without arguments, wrk tells its usage and ends with 1. */
function isThere(): boolean {
  try {
    execFileSync('wrk', ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
}
