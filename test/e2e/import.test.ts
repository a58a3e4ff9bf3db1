import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../lab/lab.ts';
import { Daemon, objectOf, parseObject } from './daemon.ts';
import { EditedHost, type EditedManifest } from './random-edits.ts';

const EDITS = 40;
/** Another day's edits: EDIT_SEED=7 npx vitest run test/e2e/import.test.ts */
const SEED = Number(process.env['EDIT_SEED'] ?? 20260101);

let lab: Lab;
let daemon: Daemon;

beforeAll(async () => {
  lab = await startLab('import');
  daemon = await Daemon.start(lab);
});

afterAll(async () => {
  await lab.down();
});

/** What a person would call the same: lists that are sets in any order, one Kind/name after the other. */
function comparable(objects: readonly EditedManifest[]): Record<string, unknown> {
  const entries = objects.map(({ kind, metadata, spec }) => [`${kind}/${metadata.name}`, withSortedSets(spec)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withSortedSets(value: unknown): unknown {
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object') ? value.map(String).sort() : value.map(withSortedSets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, withSortedSets(own)]));
}

async function imported(): Promise<EditedManifest[]> {
  const { items } = parseObject(await daemon.bridgectl('import', '-o', 'json'));
  return (Array.isArray(items) ? items : []).map((item: unknown) => objectOf(item) as unknown as EditedManifest);
}

describe('bridgectl import', () => {
  it(`gives back what was applied after ${EDITS} edits (seed ${SEED})`, async () => {
    const host = new EditedHost(SEED);
    await daemon.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: host.objects }));
    for (let number = 0; number < EDITS; number += 1) {
      const edit = host.edit();
      const { code, stderr } =
        'apply' in edit ? await daemon.apply(JSON.stringify(edit.apply)) : await daemon.try(['delete', edit.remove.kind, edit.remove.metadata.name, '--wait=false']);
      expect(stderr.replace(/^Warning: .*$/gm, '').trim()).toBe('');
      expect(code).toBe(0);
    }
    await daemon.bridgectl('wait', '--for=condition=Ready', '--all', 'bridge,vlanport,portgroup', '--timeout=60s');
    expect(comparable(await imported())).toEqual(comparable(host.objects));
  });

  it('describes the host so that the plan of it is empty', async () => {
    const manifests = await daemon.bridgectl('import');
    const { code, stdout } = await daemon.try(['plan', '-f', '-'], manifests);
    expect(stdout).toBe('Plan: nothing to change.\n');
    expect(code).toBe(0);
  });
});
