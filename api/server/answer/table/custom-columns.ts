import { isRecord } from '../../../machinery/json.ts';
import type { PrinterColumn } from '../../../registry/contract.ts';
import type { Column } from './column.ts';
import { NAME_COLUMN } from './column.ts';
import { ageAt } from './human-duration.ts';
import { compileJsonPath } from './json-path.ts';

/** What a CRD without columns of its own shows. */
const AGE: PrinterColumn = {
  name: 'Age',
  type: 'date',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set ' +
    'in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and ' +
    'is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: ' +
    'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
  jsonPath: '.metadata.creationTimestamp',
};

/** The columns of `additionalPrinterColumns`, after the name. Throws an Error for a path that is none. */
export function customColumns(columns: readonly PrinterColumn[]): Column[] {
  return [NAME_COLUMN, ...(columns.length === 0 ? [AGE] : columns).map(customColumn)];
}

function customColumn({ name, type, format = '', description, priority = 0, jsonPath }: PrinterColumn): Column {
  const find = compileJsonPath(jsonPath);
  const about = description ?? `Custom resource definition column (in JSONPath format): ${jsonPath}`;
  return {
    definition: { name, type, format, description: about, priority },
    cell(object, nowMs) {
      const [found] = find(object);
      return found === undefined ? null : cellOf(type, found, nowMs);
    },
  };
}

/** A value of another type than the column's is shown as nothing; only a string column prints whatever it finds. */
function cellOf(type: string, value: unknown, nowMs: number): unknown {
  switch (type) {
    case 'string':
      return printed(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? ageAt(nowMs, value) : null;
    default:
      return null;
  }
}

function printed(value: unknown): string | null {
  if (value === null) return null;
  return Array.isArray(value) || isRecord(value) ? JSON.stringify(value) : String(value);
}
