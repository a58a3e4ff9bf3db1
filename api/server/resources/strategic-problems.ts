import type { ApiError } from '../../machinery/api-error.ts';
import { invalid } from '../../machinery/api-error.ts';
import { invalidValue } from '../../machinery/field-error.ts';
import { fieldOf, isRecord } from '../../machinery/json.ts';
import type { JsonRecord } from '../../machinery/json.ts';

/**
 * A strategic merge patch is read into Go's types before it is applied, so a value of the wrong type is refused in other words than
 * elsewhere (k8s.io/apimachinery `pkg/runtime/converter.go`). This looks at the maps of text that people patch.
 */
export function strategicProblem(kind: string, patch: JsonRecord): ApiError | undefined {
  const { data, stringData, binaryData, metadata } = patch;
  const isBytes = kind === 'Secret';
  const problem =
    mapProblem(data, isBytes ? '[]uint8' : 'string') ??
    mapProblem(stringData, 'string') ??
    mapProblem(binaryData, '[]uint8') ??
    mapProblem(fieldOf(metadata, 'labels'), 'string') ??
    mapProblem(fieldOf(metadata, 'annotations'), 'string');
  return problem === undefined ? undefined : invalid({ group: '', kind: '' }, '', [invalidValue('patch', printed(patch), problem)]);
}

function mapProblem(value: unknown, memberType: 'string' | '[]uint8'): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) return `cannot restore map from ${goKind(value)}`;
  const wrong = Object.values(value).find((member) => member !== null && typeof member !== 'string');
  if (wrong === undefined) return undefined;
  if (memberType === '[]uint8') return `cannot restore slice from ${goKind(wrong)}`;
  // Go's reflection holds an integer, and nothing else, for convertible to a string.
  return Number.isInteger(wrong) ? 'cannot convert int64 to string' : 'unrecognized type: string';
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : isRecord(value) ? 'map' : typeof value;
}

/** As Go's `%+v` prints it. */
function printed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printed).join(' ')}]`;
  if (value === null) return '<nil>';
  if (!isRecord(value)) return String(value);
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `map[${members.map(([name, member]) => `${name}:${printed(member)}`).join(' ')}]`;
}
