import { textAt, type JsonObject } from '../api/json.ts';
import type { Command } from '../command.ts';
import { asManifest, rehearse } from '../dry-apply.ts';
import { AlreadyReported, FoundDifferences, UsageError } from '../errors.ts';
import { askHost, objectsField, QUERY_OPTIONS, type HostAnswer } from '../host-query.ts';
import { readManifests } from '../manifests/read.ts';
import { jsonText, yamlText } from '../output/object-text.ts';
import { hasChanges, planLines } from '../output/plan-text.ts';
import type { Session } from '../session.ts';
import { FILE_OPTIONS } from '../targets.ts';

const DESIRED_KINDS: ReadonlySet<string> = new Set(['Host', 'Bridge', 'VlanPort', 'Portgroup', 'VirtualMachine']);

export const plan: Command = {
  usage: '[-f FILE...] [--delete KIND/NAME...]',
  description:
    'Shows what Bridgekeeper would do on the host, step by step, and does nothing: what is outstanding now, or ' +
    'what manifests would bring if they were applied, or deletions. Steps that only write our mark stand apart: ' +
    'they touch no traffic.\n' +
    'Exit codes: 0 nothing to change (marks apart), 1 there is, 2 it could not be told.',
  examples: [
    ['What is outstanding on the host', 'bridgectl plan'],
    ['What a manifest would change', 'bridgectl plan -f examples/luna/'],
    ['What a deletion would take away', 'bridgectl plan --delete portgroup/vlan-6'],
    ['For a program', 'bridgectl plan -f bridge.yaml -o json'],
  ],
  failureCode: 2,
  options: {
    ...FILE_OPTIONS,
    delete: { type: 'text', value: 'KIND/NAME', help: 'as if this were deleted; may be repeated' },
    output: { type: 'text', short: 'o', value: 'json|yaml', otherwise: 'for people', help: 'the plan as data: steps, impact, problems, summary' },
    'force-conflicts': { type: 'switch', help: 'with -f: as if fields that others have set were taken over' },
    ...QUERY_OPTIONS,
  },
  async run(session, positionals) {
    if (positionals.length > 0) throw new UsageError(`"${positionals.join(' ')}" belongs to no option. Manifests go with -f, deletions with --delete.`);
    const output = session.flags.word('output', ['json', 'yaml']);
    const { objects, hasFailed } = await proposedObjects(session);
    const deletions = await proposedDeletions(session);
    const answer = await askPlan(session, objects, { deletions });
    if (output === undefined) printPlan(session, answer);
    else session.surroundings.stdout.write(await planText(answer, output));
    if (answer.incomplete !== undefined) session.error(answer.incomplete);
    if (hasFailed || answer.incomplete !== undefined) throw new AlreadyReported();
    if (hasChanges(answer.status)) throw new FoundDifferences();
  },
};

/** Asks the host what it would do with these manifests, which the server has defaulted. */
export function askPlan(session: Session, objects: readonly JsonObject[], { deletions = [], patienceMs }: { readonly deletions?: readonly JsonObject[]; readonly patienceMs?: number } = {}): Promise<HostAnswer> {
  const ours = objects.filter((object) => DESIRED_KINDS.has(textAt(object, 'kind') ?? ''));
  const question = { type: 'Plan', ...objectsField(ours.map(asManifest)), ...(deletions.length > 0 && { deletions: [...deletions] }) };
  return askHost(session, question, 'asking the host for its plan', patienceMs);
}

export function printPlan(session: Session, { status }: HostAnswer): void {
  for (const line of planLines(status, session.paint)) session.print(line);
}

async function proposedObjects(session: Session): Promise<{ readonly objects: JsonObject[]; readonly hasFailed: boolean }> {
  const names = session.flags.all('filename');
  if (names.length === 0) return { objects: [], hasFailed: false };
  const manifests = await readManifests({ names, isRecursive: session.flags.on('recursive'), readStdin: () => session.surroundings.readStdin() });
  const { rehearsed, hasFailed } = await rehearse(session, manifests);
  return { objects: rehearsed.map(({ after }) => after), hasFailed };
}

async function proposedDeletions(session: Session): Promise<JsonObject[]> {
  const kinds = await session.kinds();
  const deletions: JsonObject[] = [];
  for (const word of session.flags.all('delete')) {
    const [kindWord = '', name, ...rest] = word.split('/');
    if (!name || rest.length > 0) throw new UsageError(`--delete ${word}: write KIND/NAME.`);
    const [type] = await kinds.named(kindWord);
    if (type === undefined || !DESIRED_KINDS.has(type.kind)) throw new UsageError(`--delete ${word}: a ${kindWord} has nothing on the host.`);
    await (await session.api()).get(type, undefined, name);
    deletions.push({ kind: type.kind, name });
  }
  return deletions;
}

async function planText({ hostName, status }: HostAnswer, output: 'json' | 'yaml'): Promise<string> {
  const { steps = [], impact = [], problems = [], summary = {} } = status;
  const whole = { hostName, summary, steps, impact, problems };
  return output === 'json' ? jsonText(whole) : yamlText(whole);
}
