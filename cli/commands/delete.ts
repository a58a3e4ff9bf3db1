import type { ApiClient } from '../api/api-client.ts';
import { explainRefusal } from '../api/explain-refusal.ts';
import { textAt } from '../api/json.ts';
import { fullName, shortName } from '../api/resource-type.ts';
import { StatusError } from '../api/status-error.ts';
import type { Command } from '../command.ts';
import { AlreadyReported, UsageError } from '../errors.ts';
import { gone, holdersOf } from '../goals.ts';
import type { Session } from '../session.ts';
import { FILE_OPTIONS, listSelected, readTargets, SELECTOR_OPTIONS, type Targets } from '../targets.ts';
import { waitFor, type WaitTarget } from '../wait-for.ts';

export const deleteCommand: Command = {
  usage: 'KIND NAME... | KIND/NAME... | KIND[,KIND] (-l LABELS | --all) | -f FILE',
  description:
    'Deletes resources and waits until they are gone, which takes as long as the controller needs to take them ' +
    'off the host. What becomes of them there is said by their spec.deletionPolicy.',
  examples: [
    ['One port', 'bridgectl delete vlanport vnet100'],
    ['All that a folder holds', 'bridgectl delete -f examples/luna/ --ignore-not-found'],
    ['All portgroups, without waiting', 'bridgectl delete portgroups --all --wait=false'],
  ],
  isWriting: true,
  options: {
    all: { type: 'switch', help: 'all resources of the kinds named' },
    wait: { type: 'switch', otherwise: 'true', help: 'wait until they are gone' },
    timeout: { type: 'text', value: 'TIME', otherwise: 'none', help: 'wait no longer than this' },
    'ignore-not-found': { type: 'switch', help: 'what does not exist is no error' },
    'dry-run': { type: 'text', value: 'server|none', otherwise: 'none', help: 'server: check and answer as if, but delete nothing' },
    ...SELECTOR_OPTIONS,
    ...FILE_OPTIONS,
  },
  async run(session, positionals) {
    const isDryRun = session.flags.word('dry-run', ['server', 'none']) === 'server';
    const timeoutMs = session.flags.durationMs('timeout') ?? 0;
    const targets = await deleteTargets(session, await readTargets(session, positionals));
    if (targets.length === 0) session.note('There is nothing to delete.');
    const { deleted, hasFailed } = await deleteAll(session, targets, isDryRun);
    const isWaiting = session.flags.on('wait', true) && !isDryRun;
    const areGone = !isWaiting || (await waitUntilGone(session, deleted, timeoutMs));
    if (hasFailed || !areGone) throw new AlreadyReported();
  },
};

async function deleteTargets(session: Session, targets: Targets): Promise<readonly WaitTarget[]> {
  if (targets.by === 'name') return targets.targets;
  const isChosen = session.flags.on('all') || session.flags.has('selector') || session.flags.has('field-selector');
  if (!isChosen) throw new UsageError('which ones? Give names, -l LABELS or --all.');
  const lists = await Promise.all(targets.types.map(async (type) => ({ type, objects: await listSelected(session, type) })));
  return lists.flatMap(({ type, objects }) =>
    objects.map((object) => {
      const uid = textAt(object, 'metadata', 'uid');
      return { type, name: textAt(object, 'metadata', 'name') ?? '', namespace: textAt(object, 'metadata', 'namespace'), ...(uid !== undefined && { uid }) };
    }),
  );
}

/** How many requests are under way at once. */
const BATCH_SIZE = 16;

/** Asks for the end of all before any is waited for: some hold each other. Reports in the order given. */
async function deleteAll(session: Session, targets: readonly WaitTarget[], isDryRun: boolean): Promise<{ deleted: WaitTarget[]; hasFailed: boolean }> {
  const api = await session.api();
  const deleted: WaitTarget[] = [];
  let hasFailed = false;
  for (let start = 0; start < targets.length; start += BATCH_SIZE) {
    const batch = targets.slice(start, start + BATCH_SIZE);
    const results = await Promise.allSettled(batch.map(async (target) => ({ ...target, ...(await deleteOne(api, target, isDryRun)) })));
    for (const [index, result] of results.entries()) {
      if (result.status === 'fulfilled') {
        deleted.push(result.value);
        session.print(`${fullName(result.value.type, result.value.name)} deleted${isDryRun ? ' (server dry run)' : ''}`);
      } else hasFailed = reportRefusal(session, batch[index], result.reason) || hasFailed;
    }
  }
  return { deleted, hasFailed };
}

/** Answers whether it counts as a failure: what was listed a moment ago may have gone by itself. */
function reportRefusal(session: Session, target: WaitTarget | undefined, error: unknown): boolean {
  if (!(error instanceof StatusError)) throw error;
  const isListed = target?.uid !== undefined;
  if (error.code === 404 && (isListed || session.flags.on('ignore-not-found'))) return false;
  for (const line of explainRefusal(error)) session.error(line);
  return true;
}

/** Answers the uid of what was deleted. */
async function deleteOne(api: ApiClient, target: WaitTarget, dryRun: boolean): Promise<{ uid?: string }> {
  const { type, namespace, name, uid } = target;
  const answer = await api.delete(type, namespace, name, { dryRun, ...(uid !== undefined && { uid }) });
  const deletedUid = textAt(answer, 'details', 'uid') ?? textAt(answer, 'metadata', 'uid');
  return deletedUid === undefined ? {} : { uid: deletedUid };
}

async function waitUntilGone(session: Session, targets: readonly WaitTarget[], timeoutMs: number): Promise<boolean> {
  const open = await waitFor(session, targets, {
    goal: gone,
    timeoutMs: timeoutMs > 0 ? timeoutMs : -1,
    met: () => undefined,
    failed: () => undefined,
    slow(waiting) {
      for (const { target, object } of waiting) {
        session.note(`Waiting for ${shortName(target.type, target.name)}: ${object === undefined ? 'it is still there' : holdersOf(object)}`);
      }
      if (waiting.length > 0) session.note('Ctrl-C ends the waiting, not the deletion.');
    },
  });
  for (const { target, object } of open) {
    const why = object === undefined ? 'it is still there' : holdersOf(object);
    session.error(`${shortName(target.type, target.name)}: not gone within ${session.flags.text('timeout') ?? ''}: ${why}`);
  }
  return open.length === 0;
}
