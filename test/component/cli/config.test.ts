import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bridgectl } from './bridgectl.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bridgectl-config-'));
  file = path.join(folder, 'config');
  writeFileSync(
    file,
    `current-context: luna
contexts:
- {name: luna, context: {cluster: luna, user: admin}}
- {name: other, context: {cluster: luna, user: nobody}}
clusters:
- {name: luna, cluster: {server: "https://luna:6443", certificate-authority-data: QQ==}}
users:
- {name: admin, user: {token: very-secret, client-key-data: c2VjcmV0, password: secret, auth-provider: {config: {x: secret}}}}
`,
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

function config(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return bridgectl(['config', ...args, '--kubeconfig', file]);
}

describe('config', () => {
  it('shows what is in force and where it stands', async () => {
    const { out } = await bridgectl(['config', 'current', '--kubeconfig', file, '--token', 'x']);
    expect(out).toBe(`Context: luna\nServer:  https://luna:6443\nLogin:   the token of --token\nFrom:    ${file}\n`);
  });

  it('shows all that was read without any secret', async () => {
    const { out, code } = await config('view');
    expect(code).toBe(0);
    expect(out).toContain('server: https://luna:6443');
    expect(out).not.toMatch(/secret|c2VjcmV0|QQ==/);
  });

  it('lists contexts and marks the current one', async () => {
    expect((await config('contexts')).out).toMatch(/^\* +luna +luna +admin +\S+\n +other +luna +nobody/m);
  });

  it('refuses what it does not know', async () => {
    expect(await config('set')).toMatchObject({ code: 2, err: 'error: config set: must be current, view, contexts or use-context.\n' });
  });
});
