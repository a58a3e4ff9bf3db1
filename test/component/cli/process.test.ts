import { execFile, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealServer } from './real-server.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const MAIN = path.join(ROOT, 'cli/main.ts');
const run = promisify(execFile);

let server: RealServer;

beforeAll(async () => {
  server = new RealServer();
  await server.start();
});

afterAll(() => server.destroy());

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, KUBECONFIG: server.kubeconfig, HOME: server.dataDirectory };
}

async function bridgectl(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await run(process.execPath, [MAIN, ...args], { env: environment() })) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'stdout' in error && 'stderr' in error) {
      return { code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) };
    }
    throw error;
  }
}

describe('bridgectl as a process', () => {
  it('ends with 0, 1 and 2, and prints results and errors apart', async () => {
    expect(await bridgectl('version', '--client')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Client: v\d/) as string, stderr: '' });
    expect(await bridgectl('get', 'br', 'nope')).toEqual({ code: 1, stdout: '', stderr: 'error: bridges.bridgekeeper.dev "nope" not found\n' });
    expect(await bridgectl('nope')).toMatchObject({ code: 2, stdout: '' });
  });

  it('says in one line that it knows no server', async () => {
    const nowhere = { ...environment(), KUBECONFIG: '/nonexistent', HOME: '/nonexistent' };
    const child = spawn(process.execPath, [MAIN, 'version'], { env: nowhere, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (piece) => (errors += String(piece)));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, errors }).toEqual({ code: 1, errors: expect.stringMatching(/^error: .*kubeconfig.*\n$/) as string });
  });

  it('ends quietly when its reader goes', async () => {
    const child = spawn('sh', ['-c', `"$1" "$2" get crd -o json --show-managed-fields | head -c 10`, 'sh', process.execPath, MAIN], { env: environment() });
    const texts = { out: '', err: '' };
    child.stdout.on('data', (piece) => (texts.out += String(piece)));
    child.stderr.on('data', (piece) => (texts.err += String(piece)));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, ...texts }).toEqual({ code: 0, out: '{\n  "apiVe', err: '' });
  });

  it('goes on applying when nobody reads what it says', async () => {
    const child = spawn(process.execPath, [MAIN, 'apply', '-f', path.join(ROOT, 'examples/luna')], { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(0);
    expect((await bridgectl('get', 'all', '-o', 'name')).stdout.trim().split('\n')).toHaveLength(11);
  });

  it('says that it cannot write', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [MAIN, 'api-resources'], { env: environment(), stdio: ['ignore', full, 'pipe'] });
    let err = '';
    child.stderr?.on('data', (piece) => (err += String(piece)));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
    expect(err).toMatch(/^error: cannot write: ENOSPC.*\n$/);
  });

  it('reads manifests from standard input', async () => {
    const child = spawn(process.execPath, [MAIN, 'apply', '-f', '-'], { env: environment(), stdio: ['pipe', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (piece) => (out += String(piece)));
    child.stdin.end('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: stdin}\n');
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    expect(out).toBe('configmap/stdin created\n');
  });

  it('completes commands, options and kinds in bash', async () => {
    const script = (await bridgectl('completion', 'bash')).stdout;
    const program = `${script}
bridgectl() { "$NODE" "$MAIN" "$@"; }
complete_line() { COMP_WORDS=(bridgectl "$@"); COMP_CWORD=$#; _bridgectl; echo "\${COMPREPLY[*]}"; }
complete_line des
complete_line get --wat
complete_line get bri
`;
    const { stdout } = await run('bash', ['-c', program], { env: { ...environment(), NODE: process.execPath, MAIN } });
    expect(stdout).toBe('describe\n--watch --watch-only\nbridges\n');
  });

  it('ends a watch on Ctrl-C', async () => {
    const child = spawn(process.execPath, [MAIN, 'get', 'crd', '-w'], { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)))).toBe('SIGINT');
  });
});
