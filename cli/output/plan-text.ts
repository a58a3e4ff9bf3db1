import { numberAt, objectsAt, textAt, type JsonObject } from '../api/json.ts';
import { harmless, type Paint } from './paint.ts';
import { indented, PAGE_WIDTH } from './wrap.ts';

const SIGNS: Readonly<Record<string, string>> = { create: '+', delete: '-', claim: '=', release: '=', start: '>', stop: '#', update: '~', apply: '~' };

/** A plan for people: each resource with its steps, the claims apart, what it does to the ways in, and what stands in the way. */
export function planLines(status: JsonObject, paint: Paint): string[] {
  const steps = objectsAt(status, 'steps');
  const claims = steps.filter((step) => step['verb'] === 'claim' && step['held'] === undefined);
  const others = steps.filter((step) => !claims.includes(step));
  return [
    ...[...Map.groupBy(others, ownerOf)].flatMap(([owner, own]) => [paint.head(owner), ...own.flatMap((step) => stepLines(step, paint)), '']),
    ...claimLines(claims, paint),
    ...impactLines(objectsAt(status, 'impact'), paint),
    ...problemLines(objectsAt(status, 'problems'), paint),
    totalLine(status),
  ].map((line) => line.trimEnd());
}

function ownerOf(step: JsonObject): string {
  return harmless(textAt(step, 'owner') ?? 'the host');
}

function stepLines(step: JsonObject, paint: Paint): string[] {
  const verb = textAt(step, 'verb') ?? '';
  const held = textAt(step, 'held');
  const why = held === undefined ? '' : held === 'Paused' ? ' (not done: paused)' : ' (not done: only reported)';
  const head = indented(`  ${SIGNS[verb] ?? '~'} `, `${verb} ${harmless(textAt(step, 'object') ?? '')}${why}`);
  return [...head.map((line) => painted(verb, held, line, paint)), ...objectsAt(step, 'differences').flatMap((difference) => differenceLines(difference, paint))];
}

function painted(verb: string, held: string | undefined, line: string, paint: Paint): string {
  if (held !== undefined) return paint.faint(line);
  if (verb === 'create' || verb === 'start') return paint.good(line);
  return verb === 'delete' || verb === 'stop' ? paint.bad(line) : paint.doubtful(line);
}

/** On one line where it fits: `Port[vnet100].tag  200 -> 100`. */
function differenceLines(difference: JsonObject, paint: Paint): string[] {
  const path = harmless(textAt(difference, 'path') ?? '');
  const found = harmless(textAt(difference, 'found') ?? '');
  const expected = harmless(textAt(difference, 'expected') ?? '');
  const short = `      ${path}: ${found || '(none)'} -> ${expected || '(none)'}`;
  if (short.length <= PAGE_WIDTH) return [short];
  return [
    `      ${path}:`,
    ...(found === '' ? [] : indented('        - ', found).map((line) => paint.bad(line))),
    ...(expected === '' ? [] : indented('        + ', expected).map((line) => paint.good(line))),
  ];
}

function claimLines(claims: readonly JsonObject[], paint: Paint): string[] {
  if (claims.length === 0) return [];
  const byOwner = [...Map.groupBy(claims, ownerOf)];
  const lines = byOwner.flatMap(([owner, own]) => indented(`  = ${owner}: `, [...new Set(own.map((step) => harmless(textAt(step, 'object') ?? '')))].join(', ')));
  return [paint.head('Taken over as it is (only a mark is written; no traffic is touched)'), ...lines, ''];
}

function impactLines(impacts: readonly JsonObject[], paint: Paint): string[] {
  if (impacts.length === 0) return [];
  const lines = impacts.flatMap((impact) => {
    const cuts = impact['severity'] === 'Cuts';
    return indented('  ! ', `${cuts ? 'CUTS' : 'may disturb'}: ${harmless(textAt(impact, 'message') ?? '')}`).map((line) => (cuts ? paint.bad(line) : paint.doubtful(line)));
  });
  return [paint.head('Impact on the ways into this host'), ...lines, ''];
}

function problemLines(problems: readonly JsonObject[], paint: Paint): string[] {
  if (problems.length === 0) return [];
  const lines = problems.flatMap((problem) => {
    const owner = textAt(problem, 'owner');
    return indented('  ', `${owner === undefined ? '' : `${harmless(owner)}: `}${textAt(problem, 'reason') ?? ''}: ${harmless(textAt(problem, 'message') ?? '')}`);
  });
  return [paint.head('In the way'), ...lines, ''];
}

function totalLine(status: JsonObject): string {
  const count = (field: string): number => numberAt(status, 'summary', field) ?? 0;
  const steps = count('steps');
  const parts = [
    steps === 0 ? 'nothing to change' : `${steps} ${steps === 1 ? 'step' : 'steps'} to do`,
    ...(count('claims') === 0 ? [] : [`${count('claims')} only ${count('claims') === 1 ? 'a mark' : 'marks'}`]),
    ...(count('held') === 0 ? [] : [`${count('held')} held back`]),
    ...(count('problems') === 0 ? [] : [`${count('problems')} in the way`]),
  ];
  return `Plan: ${parts.join(', ')}.`;
}

/** Whether the plan would change anything, claims apart, or something keeps it from it. */
export function hasChanges(status: JsonObject): boolean {
  return ['steps', 'held', 'problems'].some((field) => (numberAt(status, 'summary', field) ?? 0) > 0);
}
