import { describe, expect, it } from 'vitest';
import type { ManifestDocument, ReadManifest } from '../../../../cli/manifests/document.ts';
import { parseManifests } from '../../../../cli/manifests/parse.ts';

function documents(text: string): ManifestDocument[] {
  return parseManifests(text, 'f.yaml').flatMap((manifest) => ('document' in manifest ? [manifest.document] : []));
}

function problems(text: string): string[] {
  return parseManifests(text, 'f.yaml').flatMap((manifest: ReadManifest) => ('problem' in manifest ? [manifest.problem] : []));
}

const BRIDGE = `# a comment
apiVersion: bridgekeeper.dev/v1alpha1
kind: Bridge
metadata:
  name: lunabr
  labels: {example.com/tier: core}
spec:
  uplinks:
  - name: eth0
    mtu: 1
  - name: eth1
    mtu: 2
`;

describe('parseManifests', () => {
  it.each([
    ['', 2],
    ['spec.uplinks[1].mtu', 12],
    ['.spec.uplinks[name="eth1"].mtu', 12],
    ['spec.uplinks[name="eth0"]', 9],
    ['spec.uplinks[7]', 8],
    ['spec.none.at.all', 7],
    ['metadata.labels[example.com/tier]', 6],
    ['metadata.labels', 6],
  ])('knows that %j stands on line %d', (path, line) => {
    expect(documents(BRIDGE)[0]?.lineOf(path)).toBe(line);
  });

  it('counts lines from the start of the file, in every document and in the items of a List', () => {
    const list = '---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: A\n  metadata: {name: a}\n- apiVersion: v1\n  kind: B\n  metadata:\n    name: b\n';
    const [bridge, a, b] = documents(BRIDGE + list);
    expect([bridge?.line, a?.line, b?.line]).toEqual([2, 17, 20]);
    expect(b?.lineOf('metadata.name')).toBe(23);
  });

  it('reads JSON with a byte order mark, and leaves out empty documents', () => {
    expect(documents('\uFEFF{"apiVersion": "v1", "kind": "A", "metadata": {"name": "a"}}')[0]?.name).toBe('a');
    expect(parseManifests('---\n---\n# nothing\n', 'f.yaml')).toEqual([]);
  });

  it('keeps MAC addresses, yes and dates as the texts that they are', () => {
    const [document] = documents('apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: {mac: 52:54:01:20:30:40, word: yes, day: 2026-01-01, short: 1:30}\n');
    expect(document?.object['spec']).toEqual({ mac: '52:54:01:20:30:40', word: 'yes', day: '2026-01-01', short: '1:30' });
  });

  it.each([
    ['a: [\n', 'f.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['a: 1\na: 2\n', 'f.yaml:2:1: Map keys must be unique'],
    ['just text\n', 'f.yaml:1:1: a manifest must be a mapping with apiVersion, kind and metadata'],
    ['apiVersion: v1\nkind: A\nmetadata:\n  labels: {}\n', 'f.yaml:3:1: metadata.name is missing, or is no text'],
    ['apiVersion: v1\nkind: A\nmetadata:\n  name: 5\n', 'f.yaml:4:3: metadata.name is missing, or is no text'],
    ['apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: {size: .inf}\n', 'f.yaml:1:1: Infinity is no value that JSON can carry'],
  ])('says where %j is wrong', (text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });
});
