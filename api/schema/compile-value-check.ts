import { equalJson, isRecord, type JsonRecord } from '../machinery/json.ts';
import { compileAlternatives } from './alternatives.ts';
import { listItemKey } from './list-item-key.ts';
import { compileEnumCheck, compileFormatCheck, compileNumberCheck, compileStringCheck } from './scalar-check.ts';
import type { StructuralSchema, ValueSchema } from './structural.ts';
import { compileTypeCheck, kindOf } from './type-check.ts';
import { NO_OLD_VALUE, type ValueCheck } from './value-check.ts';
import type { ValuePath } from './value-path.ts';
import type { Violations } from './violation.ts';

/** Compiles a schema into its check, in the order of kube-openapi's validators: type, alternatives, string, number, list, enum, object. */
export function compileValueCheck(schema: StructuralSchema | ValueSchema): ValueCheck {
  const type = compileTypeCheck(schema);
  const alternatives = compileAlternatives(schema, compileValueCheck);
  const string = compileStringCheck(schema);
  const format = compileFormatCheck(schema);
  const number = compileNumberCheck(schema);
  const enumeration = compileEnumCheck(schema);
  const list = compileListCheck(schema);
  const object = compileObjectCheck(schema);

  return (value, path, old, violations) => {
    const before = violations.count;
    const kind = kindOf(value);
    let matches = 0;
    if (type.applies) matches += (type.check(kind, path, violations) ? 1 : 0) + 1;
    if (kind === 'null') {
      enumeration?.(null, path, violations);
      matches = Math.max(0, matches - 1);
    } else {
      matches += alternatives === undefined ? 2 : alternatives(value, path, violations) + 1;
      if (typeof value === 'string') {
        string?.(value, path, violations);
        format?.(value, path, violations);
        matches += format === undefined ? 1 : 2;
      } else if (typeof value === 'number') {
        number?.(value, path, violations);
        matches += 2;
      } else if (Array.isArray(value)) {
        matches += list(value, path, old, violations) + 2;
      }
      enumeration?.(value, path, violations);
      matches += 2;
      if (isRecord(value)) matches += object(value, path, old, violations) + 1;
    }
    if (violations.count > before && old !== NO_OLD_VALUE && equalJson(value, old)) violations.cut(before);
    return matches;
  };
}

type ListCheck = (list: readonly unknown[], path: ValuePath, old: unknown, violations: Violations) => number;
type ObjectCheck = (object: JsonRecord, path: ValuePath, old: unknown, violations: Violations) => number;

function compileListCheck(schema: StructuralSchema | ValueSchema): ListCheck {
  const { minItems, maxItems } = schema;
  const item = schema.items === undefined ? undefined : compileValueCheck(schema.items);
  const keys = 'listType' in schema && schema.listType === 'map' ? schema.listMapKeys : undefined;
  return (list, path, old, violations) => {
    let matches = 0;
    if (item !== undefined) {
      const oldItemOf = keys === undefined || !Array.isArray(old) ? undefined : oldItems(old, keys);
      for (let index = 0; index < list.length; index++) {
        path.push(index);
        matches += item(list[index], path, oldItemOf === undefined ? NO_OLD_VALUE : oldItemOf(list[index]), violations);
        path.pop();
      }
    }
    if (minItems !== undefined && list.length < minItems) violations.invalid(path, list.length, `should have at least ${minItems} items`);
    if (maxItems !== undefined && list.length > maxItems) violations.tooMany(path, list.length, maxItems);
    return matches;
  };
}

/** Finds the old item that has the same keys. */
function oldItems(old: readonly unknown[], keys: readonly string[]): (item: unknown) => unknown {
  const byKey = new Map(old.map((item) => [listItemKey(item, keys), item]));
  return (item) => byKey.get(listItemKey(item, keys)) ?? NO_OLD_VALUE;
}

function compileObjectCheck(schema: StructuralSchema | ValueSchema): ObjectCheck {
  const { minProperties, maxProperties, required = [] } = schema;
  const members = new Map([...(schema.properties ?? [])].map(([name, member]) => [name, compileValueCheck(member)]));
  const { additionalProperties } = schema;
  const others = typeof additionalProperties === 'object' ? compileValueCheck(additionalProperties) : undefined;
  return (object, path, old, violations) => {
    let matches = 0;
    const names = Object.keys(object);
    if (minProperties !== undefined && names.length < minProperties) {
      violations.invalid(path, names.length, `should have at least ${minProperties} properties`);
    }
    if (maxProperties !== undefined && names.length > maxProperties) violations.tooMany(path, names.length, maxProperties);
    for (const name of names) {
      const check = members.get(name) ?? others;
      if (check !== undefined) matches += checkMember(object, name, check, path, old, violations);
    }
    for (const name of required) {
      if (!Object.hasOwn(object, name)) violations.required(path, name);
    }
    return matches;
  };
}

function checkMember(object: JsonRecord, name: string, check: ValueCheck, path: ValuePath, old: unknown, violations: Violations): number {
  path.push(name);
  const matches = check(object[name], path, isRecord(old) && Object.hasOwn(old, name) ? old[name] : NO_OLD_VALUE, violations);
  path.pop();
  return matches;
}
