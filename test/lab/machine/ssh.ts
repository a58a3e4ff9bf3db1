import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface SshTarget {
  readonly key: string;
  readonly port: number;
  /** Holds the socket of the connection that all commands share. */
  readonly folder: string;
}

/** The ssh command line that runs an argv in the machine: ssh itself would join it to one line for a shell. */
export function sshArgv({ key, port, folder }: SshTarget, argv: readonly string[]): readonly [string, ...string[]] {
  const options = [
    'UserKnownHostsFile=/dev/null', 'StrictHostKeyChecking=no', 'BatchMode=yes', 'ConnectTimeout=10', 'ServerAliveInterval=20',
    'ControlMaster=auto', 'ControlPersist=60', `ControlPath=${join(folder, 'ssh')}`,
  ];
  return [
    'ssh', '-q', '-F', 'none', '-i', key, '-p', String(port),
    ...options.flatMap((option) => ['-o', option]),
    'root@127.0.0.1', '--', argv.map(quoted).join(' '),
  ];
}

/** Runs it with this program's own input and output; gives its exit code, 255 when ssh itself failed. */
export function runHere([program, ...args]: readonly [string, ...string[]]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 255));
  });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
