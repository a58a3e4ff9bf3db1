import { describe, expect, test } from 'vitest';
import { withoutStanzas, withStanzaOf } from '../../../../../controller/systems/netplan/stanza-text.ts';

const FILE = `# written by hand
network:
  version: 2
  ethernets:
    # the way in
    eth0: # do not touch
      addresses: [10.0.0.1/24]
      # the gateway
      routes:
      - to: default
        via: 10.0.0.254

    # spare
    eth1: {dhcp4: true}
  vlans:
    v5: {id: 5, link: eth1}
# the end
`;
const eth = (id: string): { section: string; id: string } => ({ section: 'ethernets', id });

describe('taking stanzas out', () => {
  test('leaves every other byte, comments too', () => {
    expect(withoutStanzas(FILE, [eth('eth0')])).toBe(FILE.replace(/ {4}eth0:[^]*?\.254\n/, ''));
  });

  test('takes a section that holds no device any more, and leaves netplan a file that it takes', () => {
    expect(withoutStanzas(FILE, [eth('eth0'), eth('eth1')])).toBe(FILE.replace(/ {4}eth0:[^]*?\.254\n/, '').replace(/ {4}eth1:.*\n/, '').replace('  ethernets:\n', ''));
    expect(withoutStanzas('network:\n  ethernets:\n    eth0: {}\n', [eth('eth0')])).toBe('network:\n  version: 2\n');
    expect(withoutStanzas('network:\n  version: 2\n  ethernets:\n    eth0: {}', [eth('eth0')])).toBe('network:\n  version: 2\n');
  });

  test('takes each of two stanzas of one name, of which netplan merges the second into the first', () => {
    expect(withoutStanzas('network:\n  ethernets:\n    a: {}\n    b: {}\n    a: {dhcp4: yes}\n', [eth('a')])).toBe('network:\n  ethernets:\n    b: {}\n');
  });

  test.each([
    ['in flow style', 'network: {ethernets: {eth0: {}}}\n'],
    ['on a line with others', 'network:\n  ethernets: {eth0: {}, eth1: {}}\n'],
    ['that another one refers to', 'network:\n  ethernets:\n    eth0: &x {dhcp4: yes}\n    eth1: *x\n'],
    ['that is not there', 'network:\n  ethernets:\n    eth1: {}\n'],
    ['in what is no YAML', 'network:\n  ethernets:\n    eth0: [\n'],
  ])('is not done %s', (_, text) => {
    expect(withoutStanzas(text, [eth('eth0')])).toBeUndefined();
  });
});

describe('putting a stanza back', () => {
  const cut = withoutStanzas(FILE, [eth('eth0')]) ?? '';

  test('puts it at the end of its section, comments of its own and all', () => {
    const back = withStanzaOf(cut, eth('eth0'), FILE) ?? '';
    expect(back).toContain('    eth1: {dhcp4: true}\n    eth0: # do not touch\n      addresses: [10.0.0.1/24]\n      # the gateway\n');
    expect(withoutStanzas(back, [eth('eth0')])).toBe(cut);
  });

  test('follows the indentation that the file has now, and makes the section anew', () => {
    expect(withStanzaOf('network:\n    ethernets:\n        eth9: {}\n', eth('eth1'), FILE)).toBe('network:\n    ethernets:\n        eth9: {}\n        eth1: {dhcp4: true}\n');
    expect(withStanzaOf('network:\n  version: 2', eth('eth1'), FILE)).toBe('network:\n  version: 2\n  ethernets:\n    eth1: {dhcp4: true}\n');
  });

  test('is not done in what is no file of netplan', () => {
    expect(withStanzaOf('network: {version: 2}\n', eth('eth1'), FILE)).toBeUndefined();
    expect(withStanzaOf('# empty\n', eth('eth1'), FILE)).toBeUndefined();
  });
});

test('the founding document\'s own file, with its key that stands there twice, comes apart', () => {
  const text = `network:
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
  expect(withoutStanzas(text, [eth('eth0')])).toBe(text.replace(/ {4}eth0:[^]*?dhcp4: no\n/, ''));
});
