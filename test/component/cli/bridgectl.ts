import { systemClock } from '../../../cli/clock.ts';
import { run } from '../../../cli/run.ts';
import type { RunProgram } from '../../../cli/run-program.ts';

export interface RunningBridgectl {
  /** All of standard output so far. */
  readonly out: string;
  /** All of standard error so far. */
  readonly err: string;
  readonly code: Promise<number>;
  stop(): void;
}

export interface BridgectlOptions {
  readonly server?: string;
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  /** What stands in for other programs, such as an editor. */
  readonly runProgram?: RunProgram;
}

/** Starts bridgectl in this process. */
export function startBridgectl(args: readonly string[], options: BridgectlOptions = {}): RunningBridgectl {
  const ended = new AbortController();
  const texts = { out: '', err: '' };
  const sink = (name: 'out' | 'err') => ({
    write: (text: string) => {
      texts[name] += text;
    },
    isTerminal: options.isTerminal === true,
  });
  const code = run([...(options.server === undefined ? [] : ['--server', options.server, '--token', 'test']), ...args], {
    environment: options.environment ?? {},
    stdout: sink('out'),
    stderr: sink('err'),
    readStdin: () => Promise.resolve(options.stdin ?? ''),
    clock: systemClock,
    runProgram: options.runProgram ?? (() => Promise.resolve(undefined)),
    signal: ended.signal,
    random: () => 0,
  });
  return {
    get out() {
      return texts.out;
    },
    get err() {
      return texts.err;
    },
    code,
    stop: () => ended.abort(),
  };
}

/** Runs bridgectl in this process to its end. */
export async function bridgectl(args: readonly string[], options: BridgectlOptions = {}): Promise<{ code: number; out: string; err: string }> {
  const running = startBridgectl(args, options);
  const code = await running.code;
  return { code, out: running.out, err: running.err };
}
