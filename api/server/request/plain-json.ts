import { badRequest } from '../../machinery/api-error.ts';

/** Deeper than any object of ours, and shallow enough that whatever walks it recursively has stack left. */
const DEPTH_MAXIMUM = 250;

/**
 * Refuses what a body may contain and JSON can't carry on: too deep nesting, numbers beyond a double, half of a
 * surrogate pair, which has no UTF-8, and `__proto__`, which is a field in JSON and something else in JavaScript.
 */
export function checkPlainJson(root: unknown): void {
  const pending: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 1 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    if (typeof value === 'number' && !Number.isFinite(value)) throw badRequest('a number in the body is out of range');
    if (typeof value === 'string') checkText(value);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEPTH_MAXIMUM) throw badRequest('the body is nested too deeply: exceeded max depth');
    if (Object.hasOwn(value, '__proto__')) throw badRequest('unknown field "__proto__"');
    for (const [name, member] of Object.entries(value)) {
      checkText(name);
      pending.push({ value: member, depth: depth + 1 });
    }
  }
}

function checkText(text: string): void {
  if (!text.isWellFormed()) throw badRequest('a text in the body is not valid Unicode');
}
