import { badRequest, unsupportedMediaType } from '../../machinery/api-error.ts';
import { isRecord } from '../../machinery/json.ts';
import type { PatchBody, ResourceType, WriteAnswer, WriteOptions } from '../../registry/contract.ts';
import type { ResourceExchange } from '../exchange.ts';
import { mediaType } from '../request/content-type.ts';
import { decodeUtf8, parseJson, parseYaml } from '../request/decode-text.ts';
import { readBody } from '../request/read-body.ts';
import type { ObjectBody } from '../request/read-object.ts';
import { writeOptions } from '../request/write-options.ts';
import { isBuiltin } from './resource-index.ts';
import type { ResourceServer } from './resource-server.ts';
import { strategicMerge } from './strategic-merge.ts';
import { addressOf, sendWritten } from './write.ts';

type PatchType = PatchBody['type'] | 'strategic';

const MEDIA_TYPES: ReadonlyMap<string, PatchType> = new Map([
  ['application/json-patch+json', 'json'],
  ['application/merge-patch+json', 'merge'],
  ['application/strategic-merge-patch+json', 'strategic'],
  ['application/apply-patch+yaml', 'apply'],
]);

/** PATCH of an object, or of its status. */
export async function patch(server: ResourceServer, exchange: ResourceExchange, type: ResourceType): Promise<void> {
  const patchType = patchTypeOf(exchange, type);
  const options = writeOptions({ exchange, optionsKind: 'PatchOptions', isApply: patchType === 'apply' });
  const text = decodeUtf8(await readBody(exchange.request));
  const { body, ...asSent } = parsePatch(patchType, text, options);
  const answer = await carryOut(server, exchange, type, { patchType, body, options: { ...options, ...asSent } });
  await sendWritten(server, exchange, type, answer);
}

interface Patching {
  readonly patchType: PatchType;
  readonly body: unknown;
  readonly options: WriteOptions;
}

function carryOut(server: ResourceServer, exchange: ResourceExchange, type: ResourceType, { patchType, body, options }: Patching): Promise<WriteAnswer> {
  const at = addressOf(type, exchange);
  if (patchType === 'strategic') return strategicMerge(server.registry, at, body, options);
  return server.registry.patch(at, { type: patchType, body }, options);
}

/** Custom resources have no merge strategies, so they refuse the strategic merge patch as Kubernetes does. */
function patchTypeOf(exchange: ResourceExchange, type: ResourceType): PatchType {
  const found = MEDIA_TYPES.get(mediaType(exchange.request.headers['content-type']));
  const accepted = [...MEDIA_TYPES].filter(([, patchType]) => patchType !== 'strategic' || isBuiltin(type));
  if (found === undefined || !accepted.some(([, patchType]) => patchType === found)) {
    throw unsupportedMediaType(accepted.map(([media]) => media));
  }
  return found;
}

function parsePatch(patchType: PatchType, text: string, options: WriteOptions): ObjectBody {
  if (patchType !== 'apply') return { body: patchType === 'json' ? parseJsonPatch(text, options) : parseMergePatch(text, options, patchType === 'strategic' ? asItIs : decodingPatch), rawBody: text };
  const { value, duplicateKeys } = parseYaml(text, (problem) => decodingPatch(`error converting YAML to JSON: ${problem}`));
  return { body: value, duplicateKeys };
}

function parseMergePatch(text: string, { fieldValidation }: WriteOptions, wrap: (problem: string) => string): unknown {
  const body = parseJson(text, wrap);
  // Who looks for unknown fields decodes the patch once more; a null passes there, and is refused when it is applied.
  if (fieldValidation === 'Ignore' || body === null || isRecord(body)) return body;
  throw badRequest(wrap(cannotUnmarshal(body, 'map[string]interface {}')));
}

/** Go takes a null for an empty list. Who looks for unknown fields reads the operations into a type that knows them. */
function parseJsonPatch(text: string, { fieldValidation }: WriteOptions): unknown {
  const isStrict = fieldValidation !== 'Ignore';
  const wrap = isStrict ? decodingPatch : asItIs;
  const body = parseJson(text, wrap) ?? [];
  if (!Array.isArray(body)) throw badRequest(wrap(cannotUnmarshal(body, isStrict ? '[]handlers.jsonPatchOp' : 'jsonpatch.Patch')));
  return body;
}

function decodingPatch(problem: string): string {
  return `error decoding patch: ${problem}`;
}

function asItIs(problem: string): string {
  return problem;
}

function cannotUnmarshal(value: unknown, goType: string): string {
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${found} into Go value of type ${goType}`;
}
