import { describe, expect, test } from 'vitest';
import { MalformedXml, parseXml } from '../../../../../../controller/systems/libvirt/xml/dom.ts';
import { sameMeaning } from '../../../../../../controller/systems/libvirt/xml/equal.ts';

describe('two definitions', () => {
  test.each([
    ['order of attributes', "<a x='1' y='2'/>", "<a y='2' x='1'/>"],
    ['white space and comments', '<a><!-- why -->\n  <b> t </b>\n</a>', '<a><b>t</b></a>'],
    ['order of children', "<a><b n='1'/><b n='2'/><c/></a>", "<a><c/><b n='2'/><b n='1'/></a>"],
    ['form of an empty element', '<a></a>', '<a/>'],
    ['prefix of a name space', "<p:a xmlns:p='urn:x'/>", "<q:a xmlns:q='urn:x'/>"],
  ])('mean the same whatever the %s', (_, one, other) => {
    expect(sameMeaning(parseXml(one), parseXml(other))).toBe(true);
  });

  test.each([
    ['text', '<a>1</a>', '<a>2</a>'],
    ['attribute', "<a x='1'/>", "<a x='2'/>"],
    ['child more', '<a><b/></a>', '<a><b/><b/></a>'],
    ['name space', "<p:a xmlns:p='urn:x'/>", "<p:a xmlns:p='urn:y'/>"],
    ['depth', '<a><b><c/></b></a>', '<a><b/><c/></a>'],
  ])('do not mean the same with another %s', (_, one, other) => {
    expect(sameMeaning(parseXml(one), parseXml(other))).toBe(false);
  });

  test.each(['', '<a>', '<a></b>', 'text', '<a/><b/>'])('that are no XML are refused: %j', (text) => {
    expect(() => parseXml(text)).toThrow(MalformedXml);
  });
});
