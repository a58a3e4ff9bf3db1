import { textAt, type JsonObject } from '../api/json.ts';
import { fullName, shortName, type ResourceType } from '../api/resource-type.ts';
import { parseDurationMs } from '../arguments/duration.ts';
import type { Command } from '../command.ts';
import { AlreadyReported, CommandError, UsageError } from '../errors.ts';
import { parseGoal } from '../goals.ts';
import { conditionsOf } from '../output/object-text.ts';
import type { Session } from '../session.ts';
import { FILE_OPTIONS, listSelected, readTargets, SELECTOR_OPTIONS, type Targets } from '../targets.ts';
import { waitFor, type WaitTarget } from '../wait-for.ts';

const TIMEOUT = '30s';

export const wait: Command = {
  usage: 'KIND NAME... | KIND/NAME... | KIND[,KIND] --all | -f FILE  --for=GOAL',
  description: 'Waits until resources have a condition, have gone, or have a field of some value. It goes on through restarts of the server.',
  examples: [
    ['Until all that was applied works', 'bridgectl wait -f examples/luna/ --for=condition=Ready --timeout=60s'],
    ['Until everything is ready', 'bridgectl wait all --all --for=condition=Ready'],
    ['Until a bridge has gone', 'bridgectl wait bridge/lunabr --for=delete'],
    ['Until a field has a value', 'bridgectl wait vm guest1 --for=jsonpath=\'{.status.summary.state}\'=Running'],
  ],
  options: {
    for: { type: 'text', value: 'GOAL', help: 'condition=NAME[=VALUE], delete, create or jsonpath=\'{.path}\'[=VALUE]' },
    timeout: { type: 'text', value: 'TIME', otherwise: TIMEOUT, help: 'give up after this long; 0 looks once, -1s waits for ever' },
    all: { type: 'switch', help: 'all resources of the kinds named' },
    ...SELECTOR_OPTIONS,
    ...FILE_OPTIONS,
  },
  async run(session, positionals) {
    const goalText = session.flags.text('for');
    if (goalText === undefined) throw new UsageError('for what? Give --for=condition=Ready or --for=delete.');
    const goal = await parseGoal(goalText);
    const timeoutMs = parseDurationMs(session.flags.text('timeout') ?? TIMEOUT, '--timeout');
    const targets = await waitTargets(session, await readTargets(session, positionals), goalText === 'delete');
    let failures = 0;
    const open = await waitFor(session, targets, {
      goal,
      timeoutMs,
      met: ({ type, name }) => session.print(`${fullName(type, name)} ${goal.done}`),
      failed({ type, name }, why) {
        failures += 1;
        session.error(`${shortName(type, name)}: ${why}.`);
      },
    });
    for (const { target, object } of open) {
      const late = timeoutMs === 0 ? `no ${goal.text}` : `no ${goal.text} within ${session.flags.text('timeout') ?? TIMEOUT}`;
      session.error(`${shortName(target.type, target.name)}: ${late}: ${goal.progress(object)}`);
    }
    if (failures + open.length > 0) throw new AlreadyReported();
  },
};

async function waitTargets(session: Session, targets: Targets, isForDelete: boolean): Promise<readonly WaitTarget[]> {
  if (targets.by === 'name') return targets.targets;
  if (!session.flags.on('all') && !session.flags.has('selector') && !session.flags.has('field-selector')) {
    throw new UsageError('which ones? Give names, -l LABELS or --all.');
  }
  const lists = await Promise.all(targets.types.map(async (type) => ({ type, objects: await listSelected(session, type) })));
  const found = lists.flatMap(({ type, objects }) =>
    // Among "all" are records (DriftReport, Change) that never have a condition to wait for; the others have theirs from the start.
    objects.filter((object) => isForDelete || !targets.isCategory || conditionsOf(object).length > 0).map((object) => targetOf(type, object)),
  );
  if (found.length > 0 || isForDelete) return found;
  throw new CommandError(`there is no ${targets.types.length === 1 ? (targets.types[0]?.singular ?? 'resource') : 'resource'} to wait for.`);
}

function targetOf(type: ResourceType, object: JsonObject): WaitTarget {
  const uid = textAt(object, 'metadata', 'uid');
  return {
    type,
    name: textAt(object, 'metadata', 'name') ?? '',
    namespace: textAt(object, 'metadata', 'namespace'),
    ...(uid !== undefined && { uid }),
  };
}
