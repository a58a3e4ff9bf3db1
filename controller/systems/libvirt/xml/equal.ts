import { Node } from '@xmldom/xmldom';
import { children } from './dom.ts';
import type { Element } from './dom.ts';

/**
 * A text that is the same for two elements exactly when they mean the same to libvirt: attributes in any order, white space and
 * comments left out, children in any order among those of another name. Children of the same name keep their order only where
 * `orderMatters` says so.
 */
export function canonical(element: Element, orderMatters: (name: string) => boolean = () => false): string {
  const attributes = Array.from(element.attributes)
    .filter((attribute) => !attribute.name.startsWith('xmlns'))
    .map((attribute) => `${attribute.name}=${JSON.stringify(attribute.value)}`)
    .sort();
  const inner = canonicalChildren(element, orderMatters);
  const text = inner.length === 0 ? (element.textContent ?? '').trim() : ownText(element);
  const name = `{${element.namespaceURI ?? ''}}${element.localName ?? element.nodeName}`;
  return JSON.stringify([name, attributes, text, inner]);
}

/** True when libvirt makes no difference between the two. */
export function sameMeaning(one: Element, other: Element): boolean {
  return canonical(one) === canonical(other);
}

function canonicalChildren(element: Element, orderMatters: (name: string) => boolean): string[] {
  const all = children(element).map((child) => ({ name: child.nodeName, text: canonical(child, orderMatters) }));
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return all
    .sort((a, b) => compare(a.name, b.name) || (orderMatters(a.name) ? 0 : compare(a.text, b.text)))
    .map(({ text }) => text);
}

function ownText(element: Element): string {
  const texts: string[] = [];
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE) texts.push(node.nodeValue ?? '');
  }
  return texts.join('').trim();
}
