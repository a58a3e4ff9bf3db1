import { describe, expect, it } from 'vitest';
import { contains, formatIp, networkAddress, parseCidr, parseIp } from '../../../../api/schema/ip-address.ts';

describe('parseIp', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['192.168.001.1', '192.168.1.1'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['fe80::', 'fe80::'],
  ])('reads %s as %s', (text, canonical) => {
    const address = parseIp(text);
    expect(address === undefined ? undefined : formatIp(address)).toBe(canonical);
  });

  it.each(['', '1.2.3', '1.2.3.4.5', '256.0.0.1', '1.2.3.-4', ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '12345::', 'g::', '1:2:3:4:5:6:7:8::', '::1.2.3', '1.2.3.4::', 'fe80::1%eth0', ':1:2:3:4:5:6:7', '1.2.3.4 '])('refuses %j', (text) => {
    expect(parseIp(text)).toBeUndefined();
  });
});

describe('parseCidr', () => {
  it.each(['10.0.0.1', '10.0.0.1/', '10.0.0.1/33', '10.0.0.1/-1', '10.0.0.1/8/8', '::1/129', '10.0.0.1/255.0.0.0', '/8'])('refuses %j', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it.each([
    ['192.0.2.130/25', '192.0.2.128'],
    ['192.0.2.130/0', '0.0.0.0'],
    ['2001:db8:ffff::1/33', '2001:db8:8000::'],
    ['192.0.2.130/32', '192.0.2.130'],
  ])('%s is in the network %s', (text, expected) => {
    const network = parseCidr(text);
    expect(network === undefined ? undefined : formatIp(networkAddress(network))).toBe(expected);
  });

  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['0.0.0.0/0', '192.0.2.1', true],
    ['0.0.0.0/0', '::1', false],
    ['2001:db8::/33', '2001:db8:7fff::', true],
    ['2001:db8::/33', '2001:db8:8000::', false],
  ])('%s contains %s: %s', (text, inner, expected) => {
    const [network, address] = [parseCidr(text), parseIp(inner)];
    if (network === undefined || address === undefined) throw new Error('not read');
    expect(contains(network, address)).toBe(expected);
  });
});
