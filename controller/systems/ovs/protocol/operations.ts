import type { WireValue } from '../schema/encode.ts';
import { serverError } from './session.ts';
import { TransactionRefused } from './errors.ts';
import { asJsonArray, isJsonObject } from './json.ts';
import type { JsonObject } from './json.ts';

export type WireColumns = Readonly<Record<string, WireValue>>;

/** RFC 7047 section 5.1, <condition>: column, function, value. */
export type Condition = readonly [string, '==' | '!=' | 'includes' | 'excludes', WireValue];

/** RFC 7047 section 5.1, <mutation>: column, mutator, value. */
export type Mutation = readonly [string, '+=' | 'insert' | 'delete', WireValue];

/** The operations of RFC 7047 section 5.2, as values. */
export type Operation =
  | { readonly op: 'insert'; readonly table: string; readonly row: WireColumns; readonly 'uuid-name'?: string }
  | { readonly op: 'select'; readonly table: string; readonly where: readonly Condition[]; readonly columns: readonly string[] }
  | { readonly op: 'update'; readonly table: string; readonly where: readonly Condition[]; readonly row: WireColumns }
  | {
      readonly op: 'mutate';
      readonly table: string;
      readonly where: readonly Condition[];
      readonly mutations: readonly Mutation[];
    }
  | { readonly op: 'delete'; readonly table: string; readonly where: readonly Condition[] }
  | {
      readonly op: 'wait';
      readonly table: string;
      readonly where: readonly Condition[];
      readonly columns: readonly string[];
      readonly until: '==' | '!=';
      readonly rows: readonly WireColumns[];
      /** Milliseconds; 0 = judge now. */
      readonly timeout: number;
    }
  | { readonly op: 'comment'; readonly comment: string }
  | { readonly op: 'commit'; readonly durable: boolean }
  | { readonly op: 'abort' };

/** What the server answered to one operation: `uuid` of an insert, `count` of an update, `rows` of a select. */
export type OperationResult = JsonObject;

/**
 * Checks the reply to `transact`: one result an operation, in order. A refused operation has an `error`, those after it are
 * null; a refusal at commit stands behind the last operation (RFC 7047 section 4.1.3). Throws `TransactionRefused`.
 */
export function checkResults(reply: unknown, operationCount: number): readonly OperationResult[] {
  const results = asJsonArray(reply);
  results.forEach((result, index) => {
    if (!isJsonObject(result) || result['error'] === undefined || result['error'] === null) return;
    throw new TransactionRefused(index < operationCount ? index : undefined, serverError(result));
  });
  if (results.length < operationCount || !results.every(isJsonObject)) {
    throw new TransactionRefused(undefined, { error: 'incomplete reply', details: JSON.stringify(reply).slice(0, 200) });
  }
  return results;
}
