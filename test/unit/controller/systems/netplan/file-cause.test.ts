import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { causeOfFile, type FileFinding } from '../../../../../controller/systems/netplan/file-cause.ts';
import type { FileStep, KernelStep } from '../../../../../controller/systems/netplan/step.ts';

let root: string;
let path: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'file-cause-'));
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc/passwd'), `daemon:x:99999:1::/:\neditor:x:${process.getuid?.() ?? 0}:0::/:/bin/sh\n`);
  path = join(root, 'etc/90-bridgekeeper.yaml');
});
afterEach(() => rmSync(root, { recursive: true }));

const step = (): FileStep => ({ kind: 'file', owner: 'Host/h', verb: 'update', object: `file ${path}`, differences: [], leftover: false, file: { path, host: 'Host/h' } });

test('a file tells when it was written and whose it is', async () => {
  writeFileSync(path, '');
  utimesSync(path, 1_000, 2_000);
  chmodSync(path, 0o600);
  expect(await causeOfFile(step(), root)).toEqual({ commands: [{ command: `an edit of ${path}`, process: 'Unknown', at: 2_000_000 }], user: 'editor', source: 'file' });
});

test('where the file is gone, its folder tells when', async () => {
  expect((await causeOfFile(step(), root))?.commands).toMatchObject([{ command: `the removal of ${path}` }]);
});

test('a stanza in the way is looked for in its own file, and the kernel tells nothing', async () => {
  const other = join(root, 'etc/99-hand.yaml');
  writeFileSync(other, '');
  const finding: FileFinding = { owner: 'Host/h', object: 'device x', difference: { path: 'x', expected: '', found: 'y' }, filePath: other };
  expect((await causeOfFile(finding, root))?.commands[0]?.command).toBe(`an edit of ${other}`);
  const repair = { device: 'x', addresses: [], routes: [], rules: [] };
  const kernel: KernelStep = { kind: 'kernel', owner: 'Host/h', verb: 'apply', object: 'device x', differences: [], leftover: false, repair };
  expect(await causeOfFile(kernel, root)).toBeUndefined();
});
