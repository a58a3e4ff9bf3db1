import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileText } from '../../../../../controller/systems/netplan/file-text.ts';
import { ethernetsOf, isOurs, parseNetplanFile } from '../../../../../controller/systems/netplan/netplan-file.ts';
import { isReleasedFile } from '../../../../../controller/systems/netplan/released-file.ts';
import { releasedFileText } from '../../../../../controller/systems/netplan/file-text.ts';
import { stanzaOf } from '../../../../../controller/systems/netplan/stanza.ts';
import { device, lunaDevices } from './netplan-desired.ts';

const PATH = '/etc/netplan/90-bridgekeeper.yaml';
const entries = lunaDevices.map((each) => ({ name: each.name, owner: each.owner, stanza: stanzaOf(each) }));
const text = fileText('Host/luna', '90-bridgekeeper.yaml', entries);

const FOUNDING_DOCUMENT = `#
# Config de red del servidor luna
network:
  version: 2
  renderer: networkd

  wifis: {}

  ethernets:
    eth0:
      optional: true  # Ignorar la red para acelerar el tiempo de boot
      match:
        macaddress: "94:c6:91:1a:a6:3e"
        name: eno1
        name: eth0
      set-name: eth0
      dhcp4: no

    lunabr:
      dhcp4: no
`;

describe('our file', () => {
  test('says what is desired and who asks for it, and no more', () => {
    expect(text).toBe(`# bridgekeeper=Host/luna file=90-bridgekeeper.yaml
# Written by Bridgekeeper. Do not edit: what is changed here is undone.
# Change the resource named above each device instead.

network:
  version: 2
  ethernets:
    # bridgekeeper=Bridge/lunabr
    eth0:
      match:
        macaddress: "94:c6:91:1a:a6:3e"
      set-name: eth0
      optional: true
      dhcp4: false
      link-local: []
    # bridgekeeper=Bridge/lunabr
    lunabr:
      optional: true
      dhcp4: false
      link-local: []
    # bridgekeeper=VlanPort/vnet100
    vnet100:
      optional: true
      addresses:
      - 192.168.105.253/24
      routes:
      - to: default
        via: 192.168.105.1
      nameservers:
        addresses:
        - 192.168.105.224
        search:
        - parchis.org
`);
  });

  test('is the same whatever the order of the devices', () => {
    expect(fileText('Host/luna', '90-bridgekeeper.yaml', entries.toReversed())).toBe(text);
  });

  test('is known by its mark, under its own name only', () => {
    expect(isOurs(parseNetplanFile(PATH, text, 0o600))).toBe(true);
    expect(isOurs(parseNetplanFile('/etc/netplan/91-copy.yaml', text, 0o600))).toBe(false);
    expect(isOurs(parseNetplanFile(PATH, text.slice(text.indexOf('\n')), 0o600))).toBe(false);
  });

  test('every key that a device can have is written', () => {
    const full = device('VlanPort/all', 'all', {
      renderer: 'NetworkManager',
      optional: false,
      dhcp4: true,
      dhcp6: true,
      acceptRa: false,
      mtu: 9000,
      routes: [{ to: '10.0.0.0/8', via: '10.1.1.1', metric: 5, onLink: true, table: 7, scope: 'global' }],
      routingPolicy: [{ from: '10.0.0.0/8', to: '10.2.0.0/16', table: 7, priority: 100, mark: 3 }],
    });
    expect(stanzaOf(full)).toEqual({
      renderer: 'NetworkManager',
      mtu: '9000',
      dhcp4: 'true',
      dhcp6: 'true',
      'accept-ra': 'false',
      routes: [{ to: '10.0.0.0/8', via: '10.1.1.1', metric: '5', 'on-link': 'true', table: '7', scope: 'global' }],
      'routing-policy': [{ from: '10.0.0.0/8', to: '10.2.0.0/16', table: '7', priority: '100', mark: '3' }],
    });
  });

  test('reads back what was written, whatever the texts', () => {
    const word = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' }).filter((each) => each.trim() === each);
    const stanza = fc.dictionary(word, fc.oneof(word, fc.array(word, { minLength: 1 }), fc.dictionary(word, word, { minKeys: 1 })));
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(word, stanza), { selector: ([name]) => name, minLength: 1, maxLength: 5 }), (devices) => {
        const written = devices.map(([name, each]) => ({ name, owner: 'VlanPort/x' as const, stanza: each }));
        const known = fileText('Host/luna', '90-bridgekeeper.yaml', written);
        const whatWasMade = parseNetplanFile(PATH, known, 0o600);
        for (const other of ['a', 'b', 'c', 'd']) fileText('Host/luna', '90-bridgekeeper.yaml', [{ name: other, stanza: {} }]);
        const parsed = parseNetplanFile(PATH, known, 0o600);
        expect(whatWasMade).toEqual(parsed);
        const read = ethernetsOf(parsed).map(({ name, owner, stanza: found }) => ({ name, owner, stanza: found }));
        expect(parsed.syntaxError).toBe('');
        expect(parsed.isAsWritten).toBe(true);
        expect(new Map(read.map((each) => [each.name, each]))).toEqual(new Map(written.map((each) => [each.name, each])));
      }),
    );
  });
});

describe("somebody's file", () => {
  test('with a key that stands there twice has its last value, as netplan reads it', () => {
    const file = parseNetplanFile('/etc/netplan/00-red-luna.yaml', FOUNDING_DOCUMENT, 0o644);
    expect(file.syntaxError).toBe('');
    expect(file.rest).toEqual({ renderer: 'networkd' });
    expect(file.definitions).toEqual([
      {
        section: 'ethernets',
        name: 'eth0',
        line: 10,
        owner: undefined,
        stanza: {
          optional: 'true',
          match: { macaddress: '94:c6:91:1a:a6:3e', name: 'eth0' },
          'set-name': 'eth0',
          dhcp4: 'no',
        },
      },
      { section: 'ethernets', name: 'lunabr', line: 19, owner: undefined, stanza: { dhcp4: 'no' } },
    ]);
  });

  test.each([
    ['nothing', ''],
    ['a scalar', 'hello'],
    ['a list', '- a\n- b'],
    ['no network', 'other: {}'],
    ['a device that is no map', 'network: {ethernets: {a: 5}}'],
    ['an alias to nothing', 'network: {ethernets: {a: *b}}'],
    ['an open bracket', 'network: {ethernets: [}'],
    ['a tab', 'network:\n\tethernets: {}'],
  ])('that holds %s does not throw', (_, broken) => {
    expect(() => parseNetplanFile('/etc/netplan/x.yaml', broken, 0o600)).not.toThrow();
  });

  test('says in which line it is no YAML', () => {
    expect(parseNetplanFile('/x.yaml', 'network:\n  ethernets:\n    a: [1\n    b: {}\n', 0o600).syntaxError).toMatch(/^line [345]: /);
  });
});

test('a file that was left behind is known until somebody edits it', () => {
  const left = releasedFileText('VlanPort/vnet100', 'vnet100', { addresses: ['10.0.0.1/24'] });
  expect(isReleasedFile(parseNetplanFile('/etc/netplan/x.yaml', left, 0o600))).toBe(true);
  expect(isReleasedFile(parseNetplanFile('/etc/netplan/x.yaml', left.replace('10.0.0.1', '10.0.0.2') + '#', 0o600))).toBe(false);
  expect(isReleasedFile(parseNetplanFile('/etc/netplan/x.yaml', text, 0o600))).toBe(false);
});
