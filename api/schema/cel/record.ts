import type { JsonRecord } from '../../machinery/json.ts';

/** Turns a JSON value into what CEL computes with. */
export type ToCel = (value: unknown) => unknown;

/** An object of a schema as CEL sees it. Its members are turned into CEL values when they are first asked for. */
export class CelRecord {
  readonly #object: JsonRecord;
  readonly #members = new Map<string, unknown>();

  constructor(object: JsonRecord) {
    this.#object = object;
  }

  /** The JSON it was made from. */
  static jsonOf(record: CelRecord): JsonRecord {
    return record.#object;
  }

  /** Absent and null members are both undefined: in CEL they are not there. */
  static member(record: CelRecord, name: string, toCel: ToCel): unknown {
    if (record.#members.has(name)) return record.#members.get(name);
    const value = Object.hasOwn(record.#object, name) ? record.#object[name] : undefined;
    const converted = value === undefined || value === null ? undefined : toCel(value);
    record.#members.set(name, converted);
    return converted;
  }
}

export type CelRecordClass = new (object: JsonRecord) => CelRecord;

/** A class of its own for each schema, since cel-js tells types apart by the constructor. `members` by their CEL name. */
export function celRecordClass(members: ReadonlyMap<string, { readonly name: string; readonly toCel: ToCel }>): CelRecordClass {
  const Class = class extends CelRecord {};
  for (const [identifier, { name, toCel }] of members) {
    Object.defineProperty(Class.prototype, identifier, {
      get(this: CelRecord) {
        return CelRecord.member(this, name, toCel);
      },
    });
  }
  return Class;
}
