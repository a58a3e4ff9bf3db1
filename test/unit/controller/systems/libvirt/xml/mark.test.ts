import { describe, expect, test } from 'vitest';
import { parseXml, toText } from '../../../../../../controller/systems/libvirt/xml/dom.ts';
import { sameMeaning } from '../../../../../../controller/systems/libvirt/xml/equal.ts';
import { readMark, writeMark } from '../../../../../../controller/systems/libvirt/xml/mark.ts';
import type { Mark } from '../../../../../../controller/systems/libvirt/xml/mark.ts';

const FOREIGN = `<domain><name>a &amp; b</name><metadata><app:info xmlns:app="urn:app" n="1">keep</app:info></metadata></domain>`;
const MARK: Mark = {
  owner: 'VirtualMachine/a',
  portgroups: new Map([['<odd> & "name"', 'Portgroup/odd']]),
  domain: { management: 'Full', diskReclaim: 'Delete', madeDisks: ['/images/a.qcow2', '/images/b & c.raw'] },
};

describe('our mark', () => {
  test('reads back as it was written, whatever the names', () => {
    const root = parseXml(FOREIGN);
    writeMark(root, MARK);
    expect(readMark(parseXml(toText(root)))).toEqual(MARK);
  });

  test('takes the place of the one before and leaves metadata of others alone', () => {
    const root = parseXml(FOREIGN);
    writeMark(root, { ...MARK, owner: 'VirtualMachine/before' });
    writeMark(root, MARK);
    expect(readMark(root)).toEqual(MARK);
    writeMark(root, undefined);
    expect(sameMeaning(root, parseXml(FOREIGN))).toBe(true);
  });

  test('leaves no empty metadata behind', () => {
    const root = parseXml('<network><name>n</name></network>');
    writeMark(root, MARK);
    writeMark(root, undefined);
    expect(toText(root)).toBe('<network><name>n</name></network>');
  });

  test.each([
    ['of another name space', '<network><metadata><b:mark xmlns:b="urn:other" owner="Bridge/x"/></metadata></network>'],
    ['without an owner', '<network><metadata><b:mark xmlns:b="https://bridgekeeper.dev/xmlns/v1alpha1"/></metadata></network>'],
    ['with an owner that is none', '<network><metadata><b:mark xmlns:b="https://bridgekeeper.dev/xmlns/v1alpha1" owner="nobody"/></metadata></network>'],
  ])('is not taken from an element %s', (_, xml) => {
    expect(readMark(parseXml(xml))).toBeUndefined();
  });

  test('without its words is read in the most careful way', () => {
    const bare = '<domain><metadata><b:mark xmlns:b="https://bridgekeeper.dev/xmlns/v1alpha1" owner="VirtualMachine/x"/></metadata></domain>';
    expect(readMark(parseXml(bare))?.domain).toEqual({ management: 'InterfacesOnly', diskReclaim: 'Retain', madeDisks: [] });
  });
});
