import { gzipSync } from 'node:zlib';
import { notAcceptable } from '../../machinery/api-error.ts';
import { API_VERSION } from '../../machinery/object.ts';
import { builtinOpenApiDocuments, swaggerJson, swaggerProtobuf } from '../../generated/openapi-compressed.ts';
import { sendPageNotFound, sendValue } from '../answer/send.ts';
import type { Exchange } from '../exchange.ts';
import { preferred } from '../request/accept.ts';
import type { CompressedDocument } from './compressed-document.ts';
import { compressedDocument, sendCompressed } from './compressed-document.ts';

/** Serves `/openapi/v3` and what it points to, and `/openapi/v2` for clients that know no other. */
export interface OpenApiRoutes {
  index(exchange: Exchange): Promise<void>;
  /** `path`: `api/v1` or `apis/GROUP/VERSION`. */
  document(exchange: Exchange, path: string): Promise<void>;
  version2(exchange: Exchange): Promise<void>;
}

/** RFC 7234 knows no "for ever"; Kubernetes says a year. */
const CACHE_SECONDS = 31_536_000;

const JSON_TYPES = ['application/json', 'application/*', '*/*'];

/** client-go asks by a name that is no valid media type, and takes the answer under the other one only. */
const VERSION_2_PROTOBUF = ['application/com.github.proto-openapi.spec.v2@v1.0+protobuf', 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'];
const VERSION_2_PROTOBUF_SENT = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** `ourDocument` is the OpenAPI v3 document of our own group, as JSON. */
export function openApiRoutes(ourDocument: string): OpenApiRoutes {
  const documents = once(() => versionThree(ourDocument));
  const asJson = once(() => packed(swaggerJson));
  const asProtobuf = once(() => packed(swaggerProtobuf));
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
      return document === undefined ? sendPageNotFound(exchange) : sendAddressed(exchange, path, document);
    },
    version2(exchange) {
      switch (versionTwoForm(exchange.request.headers.accept)) {
        case 'json':
          return sendCompressed(exchange, 'application/json', asJson());
        case 'protobuf':
          return sendCompressed(exchange, VERSION_2_PROTOBUF_SENT, asProtobuf());
        default:
          throw notAcceptable(['application/json', ...VERSION_2_PROTOBUF]);
      }
    },
  };
}

function versionThree(ourDocument: string): ReadonlyMap<string, CompressedDocument> {
  const builtin = Object.entries(builtinOpenApiDocuments).map(([path, text]) => [path, packed(text)] as const);
  const ours = [`apis/${API_VERSION}`, compressedDocument(gzipSync(ourDocument))] as const;
  return new Map([...builtin, ours].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function packed(base64: string): CompressedDocument {
  return compressedDocument(Buffer.from(base64, 'base64'));
}

/** Made at the first question: most of a server's life nobody asks. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

function versionTwoForm(accept: string | undefined): 'json' | 'protobuf' | undefined {
  if (accept === undefined || accept === '') return 'json';
  return preferred(accept, (type) => (JSON_TYPES.includes(type) ? 'json' : VERSION_2_PROTOBUF.includes(type) ? 'protobuf' : undefined));
}

/** With the right hash the answer may be kept for ever; with an old one the client is sent to the right one. */
async function sendAddressed(exchange: Exchange, path: string, document: CompressedDocument): Promise<void> {
  const asked = exchange.query.get('hash');
  if (asked !== null && asked !== document.hash) {
    exchange.response.writeHead(301, { Location: `/openapi/v3/${path}?hash=${document.hash}` }).end();
    return;
  }
  if (asked !== null) {
    exchange.response.setHeader('Cache-Control', `public, max-age=${CACHE_SECONDS}, immutable`);
  }
  await sendCompressed(exchange, 'application/json', document);
}

/** Version 3 is not served as protobuf: client-go takes JSON as well. */
function refuseProtobufOnly({ request }: Exchange): void {
  const { accept } = request.headers;
  if (accept === undefined || accept === '') return;
  if (preferred(accept, (type) => (JSON_TYPES.includes(type) ? true : undefined)) !== true) throw notAcceptable(['application/json']);
}
