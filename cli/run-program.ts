import { spawn } from 'node:child_process';

/** Runs a program on this terminal and answers its exit code; undefined where it is not there or may not be run. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<number | undefined>;

/** The only way in which bridgectl starts a program: never through a shell. */
export const runProgram: RunProgram = (program, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
