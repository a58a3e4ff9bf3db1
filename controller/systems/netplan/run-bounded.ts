import type { Exec } from '../exec.ts';
import { ExecFailed, ExecTimedOut } from '../exec.ts';

/** How a command ended, with what went wrong in words: `late`, it was asked and had not ended in its time. */
export interface Ending {
  readonly end: 'done' | 'late' | 'failed';
  readonly words: string;
}

/** Runs a command that may fail, be missing, or take too long. */
export async function runBounded(exec: Exec, argv: readonly [string, ...string[]], timeoutMs: number): Promise<Ending> {
  try {
    const { code, stderr } = await exec.run(argv, { timeoutMs });
    return code === 0 ? { end: 'done', words: '' } : { end: 'failed', words: `${argv.join(' ')} ended with ${code}: ${stderr.trim()}` };
  } catch (error) {
    if (error instanceof ExecTimedOut) return { end: 'late', words: error.message };
    if (error instanceof ExecFailed) return { end: 'failed', words: error.message };
    throw error;
  }
}
