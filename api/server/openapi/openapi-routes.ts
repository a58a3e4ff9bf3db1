import { hash } from 'node:crypto';
import { notAcceptable } from '../../machinery/api-error.ts';
import { API_VERSION } from '../../machinery/object.ts';
import { sendBody, sendPageNotFound, sendValue } from '../answer/send.ts';
import type { ResourceFacts } from '../discovery/resource-facts.ts';
import type { Exchange } from '../exchange.ts';
import { preferred } from '../request/accept.ts';
import { builtinDocument } from './builtin-document.ts';

/** Serves `/openapi/v3` and what it points to, and as much of `/openapi/v2` as older clients insist on. */
export interface OpenApiRoutes {
  index(exchange: Exchange): Promise<void>;
  /** `path`: `api/v1` or `apis/GROUP/VERSION`. */
  document(exchange: Exchange, path: string): Promise<void>;
  version2(exchange: Exchange): Promise<void>;
}

interface Document {
  readonly bytes: Buffer;
  readonly hash: string;
}

/** RFC 7234 knows no "for ever"; Kubernetes says a year. */
const CACHE_SECONDS = 31_536_000;

const TITLE = 'Kubernetes';
const VERSION_2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
/** The name that clients ask by is no valid media type, and they refuse it in an answer. */
const VERSION_2_PROTOBUF_SENT = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/**
 * client-go asks for version 2 only in this form, and kubectl does so on its way to a patch. A document without definitions sends
 * it to version 3. In gnostic's `OpenAPIv2.proto`: Document { swagger = 1, info = 2 }, Info { title = 1, version = 2 }.
 */
const EMPTY_VERSION_2 = Buffer.concat([
  protobufField(1, Buffer.from('2.0')),
  protobufField(2, Buffer.concat([protobufField(1, Buffer.from(TITLE)), protobufField(2, Buffer.from('unversioned'))])),
]);

/** A length-delimited field of less than 128 bytes. */
function protobufField(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
}

/** `ourDocument` is the OpenAPI v3 document of our own group, as JSON. */
export function openApiRoutes(facts: readonly ResourceFacts[], ourDocument: string): OpenApiRoutes {
  const documents = lazyDocuments(facts, ourDocument);
  return {
    index(exchange) {
      const paths = Object.fromEntries(
        [...documents()].map(([path, document]) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${document.hash}` }]),
      );
      return sendValue(exchange, 200, { paths }, 'json');
    },
    document(exchange, path) {
      refuseProtobufOnly(exchange);
      const document = documents().get(path);
      return document === undefined ? sendPageNotFound(exchange) : sendDocument(exchange, path, document);
    },
    version2(exchange) {
      const { accept } = exchange.request.headers;
      const isProtobuf = preferred(accept, (type) => (type === VERSION_2_PROTOBUF ? true : undefined)) === true;
      if (isProtobuf) return sendBody(exchange, 200, VERSION_2_PROTOBUF_SENT, EMPTY_VERSION_2);
      const info = { title: TITLE, version: 'unversioned' };
      return sendValue(exchange, 200, { swagger: '2.0', info, paths: {}, definitions: {} }, 'json');
    },
  };
}

/** Made at the first question: most of a server's life nobody asks. */
function lazyDocuments(facts: readonly ResourceFacts[], ourDocument: string): () => ReadonlyMap<string, Document> {
  let made: ReadonlyMap<string, Document> | undefined;
  return () => {
    made ??= new Map([...groupVersions(facts)].map(([path, resources]) => [path, asDocument(textOf(path, resources, ourDocument))]));
    return made;
  };
}

function textOf(path: string, resources: readonly ResourceFacts[], ourDocument: string): string {
  return path === `apis/${API_VERSION}` ? ourDocument : builtinDocument(resources, ourDocument);
}

function asDocument(text: string): Document {
  return { bytes: Buffer.from(text), hash: hash('sha512', text, 'hex').toUpperCase() };
}

function groupVersions(facts: readonly ResourceFacts[]): Map<string, ResourceFacts[]> {
  return Map.groupBy(facts, ({ group, version }) => (group === '' ? `api/${version}` : `apis/${group}/${version}`));
}

/** With the right hash the answer may be kept for ever; with an old one the client is sent to the right one. */
async function sendDocument(exchange: Exchange, path: string, document: Document): Promise<void> {
  const { request, response, query } = exchange;
  const asked = query.get('hash');
  const etag = `"${document.hash}"`;
  response.setHeader('ETag', etag);
  response.setHeader('Vary', 'Accept');
  if (asked !== null && asked !== document.hash) {
    response.writeHead(301, { Location: `/openapi/v3/${path}?hash=${document.hash}` }).end();
    return;
  }
  if (asked !== null) {
    response.setHeader('Cache-Control', `public, max-age=${CACHE_SECONDS}, immutable`);
  }
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return;
  }
  await sendBody(exchange, 200, 'application/json', document.bytes);
}

/** Version 3 is not served as protobuf: client-go takes JSON as well. */
function refuseProtobufOnly({ request }: Exchange): void {
  const { accept } = request.headers;
  if (accept === undefined || accept === '') return;
  const takesJson = preferred(accept, (type) => (['application/json', 'application/*', '*/*'].includes(type) ? true : undefined));
  if (takesJson !== true) throw notAcceptable(['application/json']);
}
