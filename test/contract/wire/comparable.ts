import { isRecord } from '../../../api/machinery/json.ts';

const UID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/**
 * An answer's body with what differs from run to run replaced: uids, times, ages, tokens. `offset` is what a revision of this run
 * lacks to the recorded one.
 */
export function comparable(body: string, offset: number): unknown[] {
  const text = body.trim().replace(UID, '<uid>').replace(TIME, '<time>');
  return documents(text).map((document) => withoutVolatile(document, offset));
}

function documents(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return text.split('\n').map(lineOf);
  }
}

function lineOf(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    return line;
  }
}

function withoutVolatile(value: unknown, offset: number): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutVolatile(item, offset));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, stable(name, member, offset)]));
}

function stable(name: string, member: unknown, offset: number): unknown {
  if (name === 'resourceVersion' && typeof member === 'string' && /^\d+$/.test(member)) return String(Number(member) + offset);
  if (name === 'continue' && member !== '') return '<token>';
  if (name === 'message' && typeof member === 'string') return member.replace(/(\\"resourceVersion\\":\\")(\d+)/g, (_all, start, revision) => `${start}${Number(revision) + offset}`);
  if (name === 'serverRelativeURL' && typeof member === 'string') return member.replace(/=[0-9A-F]{128}$/, '=<hash>');
  if (name === 'cells' && Array.isArray(member)) return member.map((cell: unknown) => (typeof cell === 'string' && /^\d+s$/.test(cell) ? '<age>' : cell));
  return withoutVolatile(member, offset);
}
