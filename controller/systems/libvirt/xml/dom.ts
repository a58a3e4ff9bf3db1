import { DOMImplementation, DOMParser, Node, ParseError, XMLSerializer, onErrorStopParsing } from '@xmldom/xmldom';
import type { Document, Element } from '@xmldom/xmldom';

export type { Element } from '@xmldom/xmldom';

/** The text is not well-formed XML. */
export class MalformedXml extends Error {
  override readonly name = 'MalformedXml';
}

/** Parses a document and gives its root. Throws `MalformedXml`. */
export function parseXml(text: string): Element {
  const root = parseDocument(text).documentElement;
  if (!root) throw new MalformedXml('the document has no root element');
  return root;
}

function parseDocument(text: string): Document {
  try {
    return new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'text/xml');
  } catch (error) {
    if (error instanceof ParseError) throw new MalformedXml(error.message, { cause: error });
    throw error;
  }
}

export function newRoot(name: string): Element {
  const root = new DOMImplementation().createDocument(null, name).documentElement;
  if (!root) throw new MalformedXml(`no element can be called ${name}`);
  return root;
}

export function toText(element: Element): string {
  return new XMLSerializer().serializeToString(element);
}

/** A copy of the element with all that is in it, as the root of a document of its own. */
export function copyOf(element: Element): Element {
  return parseXml(toText(element));
}

/** The child elements, all of them or those of that name. */
export function children(parent: Element, name?: string): Element[] {
  const found: Element[] = [];
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if (isElement(node) && (name === undefined || node.nodeName === name)) found.push(node);
  }
  return found;
}

export function isElement(node: Node): node is Element {
  return node.nodeType === Node.ELEMENT_NODE;
}

/** The first child element of that name. */
export function child(parent: Element, name: string): Element | undefined {
  return children(parent, name)[0];
}

/** Every element reached by going down the names. */
export function at(root: Element, ...names: readonly string[]): Element[] {
  return names.reduce<Element[]>((found, name) => found.flatMap((element) => children(element, name)), [root]);
}

/** The attribute of the first element reached by going down the names. */
export function attributeAt(root: Element, path: readonly string[], attribute: string): string | undefined {
  const element = at(root, ...path)[0];
  return element && attributeOf(element, attribute);
}

export function attributeOf(element: Element, name: string): string | undefined {
  return element.getAttribute(name) ?? undefined;
}

/** The text of the first child of that name, without white space around it. */
export function textAt(parent: Element, name: string): string | undefined {
  return child(parent, name)?.textContent?.trim();
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Adds a child at the end; attributes that are undefined are left out. */
export function append(parent: Element, name: string, attributes: Attributes = {}, text?: string): Element {
  const element = ownerOf(parent).createElement(name);
  setAttributes(element, attributes);
  if (text !== undefined) setText(element, text);
  parent.appendChild(element);
  return element;
}

/** Sets each attribute, and takes away those that are undefined. */
export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, String(value));
  }
}

export function setText(element: Element, text: string): void {
  element.textContent = text;
}

/** The first child of that name, made at the end if there is none. */
export function ensure(parent: Element, name: string): Element {
  return child(parent, name) ?? append(parent, name);
}

/** Takes an element out, and the white space before it, so that the text does not grow empty lines. */
export function remove(element: Element): void {
  const before = element.previousSibling;
  if (before?.nodeType === Node.TEXT_NODE && before.textContent?.trim() === '') before.parentNode?.removeChild(before);
  element.parentNode?.removeChild(element);
}

export function removeAll(parent: Element, name: string): void {
  for (const element of children(parent, name)) remove(element);
}

/** Puts a copy of `source`, an element of another document, at the end of `parent`. */
export function adopt(parent: Element, source: Element): Element {
  const copy = ownerOf(parent).importNode(source, true);
  parent.appendChild(copy);
  return copy;
}

export function ownerOf(element: Element): Document {
  if (!element.ownerDocument) throw new MalformedXml(`the element ${element.nodeName} belongs to no document`);
  return element.ownerDocument;
}
