import { badRequest, unsupportedMediaType } from '../../machinery/api-error.ts';
import { isRecord } from '../../machinery/json.ts';
import type { Exchange } from '../exchange.ts';
import { mediaType } from './content-type.ts';
import { decodeUtf8, parseJson, parseYaml } from './decode-text.ts';
import { readBody } from './read-body.ts';

export interface ObjectBody {
  readonly body: unknown;
  /** The text as it came, where it was JSON. */
  readonly rawBody?: string;
  /** What stands twice, where it was YAML. */
  readonly duplicateKeys?: readonly string[];
}

export interface Expected {
  readonly kind: string;
  /** Set for kinds of Kubernetes itself: these may come as protobuf, and need not say what they are. */
  readonly builtinApiVersion?: string;
}

const ACCEPTED = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** The object in the body of a create or update. Throws 400, 413 or 415 in Kubernetes' words. */
export async function readObject(exchange: Exchange, expected: Expected): Promise<ObjectBody> {
  const media = mediaType(exchange.request.headers['content-type']);
  const takes = media === '' || ACCEPTED.includes(media) || media === 'text/yaml';
  if (!takes || (media === PROTOBUF && expected.builtinApiVersion === undefined)) throw unsupportedMediaType(ACCEPTED);
  const bytes = await readBody(exchange.request);
  if (media === PROTOBUF) {
    const { decodeProtobuf } = await import('./protobuf/decode-protobuf.ts');
    return { body: decodeProtobuf(bytes) };
  }
  const read = readText(decodeUtf8(bytes), media, expected.kind);
  return expected.builtinApiVersion === undefined ? read : { ...read, body: withType(read.body, expected.kind, expected.builtinApiVersion) };
}

function withType(body: unknown, kind: string, apiVersion: string): unknown {
  if (!isRecord(body)) return body;
  const isSaid = (value: unknown): boolean => value !== undefined && value !== '';
  return { ...body, kind: isSaid(body.kind) ? body.kind : kind, apiVersion: isSaid(body.apiVersion) ? body.apiVersion : apiVersion };
}

function readText(text: string, media: string, kind: string): ObjectBody {
  const unrecognized = (problem: string): string => `the object provided is unrecognized (must be of type ${kind}): ${problem} (${summary(text)})`;
  const noKind = (problem: string): string => unrecognized(`couldn't get version/kind; json parse error: ${problem}`);
  const yaml = media.endsWith('yaml') ? parseYaml(text, unrecognized) : undefined;
  const body = yaml === undefined ? parseJson(text, noKind) : yaml.value;
  if (!isRecord(body)) throw badRequest(noKind(`json: cannot unmarshal ${goKind(body)} into Go value of type ${GO_TYPE_META}`));
  return yaml === undefined ? { body, rawBody: text } : { body, duplicateKeys: yaml.duplicateKeys };
}

const GO_TYPE_META =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** The start of the body, as Kubernetes shows what it could not read. */
function summary(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length === 0) return '<empty>';
  const start = bytes.subarray(0, 30);
  const shown = text.startsWith('{') ? start.toString() : start.toString('hex');
  return bytes.length > 30 ? `${shown} ...` : shown;
}
