import fastJsonPatch from 'fast-json-patch';
import { badRequest, entityTooLarge, tooLarge, unprocessable } from '../machinery/api-error.ts';
import { copyJson, isRecord } from '../machinery/json.ts';

const MAX_OPERATIONS = 10_000;
/** `copy` can double an object with every operation. */
const MAX_COPIED_BYTES = 3 * 1024 * 1024;
const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const;

type Operation = fastJsonPatch.Operation;

/**
 * JSON Patch (RFC 6902); the target is not changed. Throws an `ApiError` as kube-apiserver does: 400 when the patch is none, 422
 * without a cause when it can't be carried out or a test fails, 413 when it is too much.
 */
export function applyJsonPatch(target: unknown, patch: unknown): unknown {
  const operations = parseOperations(patch);
  let document: unknown = copyJson(target);
  let copiedBytes = 0;
  for (const operation of operations) {
    if (operation.op === 'copy') {
      copiedBytes += sizeAt(document, operation.from);
      if (copiedBytes > MAX_COPIED_BYTES) throw tooLarge(MAX_COPIED_BYTES);
    }
    document = applyOne(document, operation);
  }
  return document;
}

function applyOne(document: unknown, operation: Operation): unknown {
  try {
    const result: unknown = fastJsonPatch.applyOperation(document, operation, true, true, true).newDocument;
    return result;
  } catch (error) {
    if (error instanceof fastJsonPatch.JsonPatchError || error instanceof TypeError) throw unprocessable();
    throw error;
  }
}

function sizeAt(document: unknown, pointer: string): number {
  try {
    const value: unknown = fastJsonPatch.getValueByPointer(document, pointer);
    return (JSON.stringify(value) ?? '').length;
  } catch (error) {
    if (error instanceof fastJsonPatch.JsonPatchError || error instanceof TypeError) throw unprocessable();
    throw error;
  }
}

function parseOperations(patch: unknown): Operation[] {
  if (!Array.isArray(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  if (patch.length > MAX_OPERATIONS) {
    throw entityTooLarge(`The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`);
  }
  return patch.map((each: unknown) => parseOperation(copyJson(each)));
}

function parseOperation(each: unknown): Operation {
  if (!isRecord(each)) throw badRequest('json: cannot unmarshal value into Go value of type jsonpatch.Operation');
  const op = OPERATIONS.find((known) => known === each['op']);
  const path = each['path'];
  if (op === undefined || typeof path !== 'string' || touchesPrototype(path)) throw unprocessable();
  if (op === 'move' || op === 'copy') {
    const from = each['from'];
    if (typeof from !== 'string' || touchesPrototype(from)) throw unprocessable();
    return { op, path, from };
  }
  if (op === 'remove') return { op, path };
  if (!Object.hasOwn(each, 'value')) throw unprocessable();
  return { op, path, value: each['value'] };
}

function touchesPrototype(pointer: string): boolean {
  return pointer.split('/').includes('__proto__');
}
