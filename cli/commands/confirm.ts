import { objectsAt, textAt, valueAt, type Json, type JsonObject } from '../api/json.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { humanDuration } from '../arguments/duration.ts';
import type { Command } from '../command.ts';
import { CommandError, UsageError } from '../errors.ts';
import { TablePrinter } from '../output/table.ts';
import type { Session } from '../session.ts';

const FIELD_MANAGER = 'bridgectl';
const ANNOTATION = 'bridgekeeper.dev/confirm';
const HEADS = ['Host', 'Checkpoint', 'State', 'Left', 'Resources'];
const UNDER_WAY: readonly (string | undefined)[] = ['Probing', 'AwaitingConfirmation'];

/** A guarded change that has not ended. */
interface OpenChange {
  readonly host: string;
  readonly checkpoint: string;
  readonly state: string;
  /** Milliseconds since the epoch; undefined while it is being rolled back. */
  readonly deadlineMs: number | undefined;
  readonly resources: string;
  readonly impact: readonly string[];
}

export const confirm: Command = {
  usage: '[HOST]',
  description:
    'Keeps a change of a way into the host that waits for somebody to say that it is good; without that it ' +
    'is rolled back. That you got through is what you confirm. Without HOST, the only one that waits.',
  examples: [
    ['What is under way, and for how long', 'bridgectl confirm --list'],
    ['Keep the change that waits', 'bridgectl confirm'],
  ],
  isWriting: true,
  options: { list: { type: 'switch', help: 'show the changes that are under way, and confirm none' } },
  async run(session, positionals) {
    const [hostName, ...others] = positionals;
    if (others.length > 0) throw new UsageError('one host at a time: bridgectl confirm HOST.');
    const [type] = await (await session.kinds()).named('host');
    if (type === undefined) throw new CommandError('the server has no Hosts.');
    const list = await (await session.api()).list(type, {});
    const open = objectsAt(list, 'items').flatMap(openChange).filter(({ host }) => hostName === undefined || host === hostName);
    if (session.flags.on('list')) showAll(session, open);
    else await confirmOne(session, type, open, hostName);
  },
};

function openChange(host: JsonObject): readonly OpenChange[] {
  const checkpoint = valueAt(host, 'status', 'checkpoint');
  const state = textAt(checkpoint, 'state');
  const name = textAt(checkpoint, 'name');
  if (state === undefined || name === undefined || !UNDER_WAY.includes(state)) return [];
  const deadlineMs = Date.parse(textAt(checkpoint, 'deadline') ?? '');
  return [
    {
      host: textAt(host, 'metadata', 'name') ?? '',
      checkpoint: name,
      state,
      deadlineMs: Number.isNaN(deadlineMs) ? undefined : deadlineMs,
      resources: textsAt(checkpoint, 'resources').join(','),
      impact: textsAt(checkpoint, 'impact'),
    },
  ];
}

function textsAt(value: Json | undefined, field: string): readonly string[] {
  const found = valueAt(value, field);
  return Array.isArray(found) ? found.map(String) : [];
}

function showAll(session: Session, open: readonly OpenChange[]): void {
  if (open.length === 0) return session.note('No change is under way that has to be confirmed.');
  new TablePrinter(session.surroundings.stdout, session.paint).print(
    HEADS,
    open.map((change) => [change.host, change.checkpoint, change.state, leftOf(session, change), change.resources || '-']),
  );
}

async function confirmOne(session: Session, type: ResourceType, open: readonly OpenChange[], hostName: string | undefined): Promise<void> {
  const waiting = open.filter(({ state }) => state === 'AwaitingConfirmation');
  const [change, ...more] = waiting;
  if (more.length > 0) throw new UsageError(`which host? ${waiting.map(({ host }) => host).join(', ')} wait: bridgectl confirm HOST.`);
  if (change === undefined) throw new CommandError(nothingWaits(open, hostName));
  for (const sentence of change.impact) session.print(sentence);
  await (await session.api()).patch(
    type,
    undefined,
    change.host,
    { metadata: { annotations: { [ANNOTATION]: change.checkpoint } } },
    { fieldManager: FIELD_MANAGER, dryRun: false },
  );
  session.print(`host/${change.host} checkpoint ${change.checkpoint} confirmed (${leftOf(session, change)} before it would have been rolled back)`);
}

function nothingWaits(open: readonly OpenChange[], hostName: string | undefined): string {
  const [probing] = open;
  if (probing) return `the change of host ${probing.host} is still being probed (checkpoint ${probing.checkpoint}): wait for AwaitingConfirmation.`;
  return `nothing waits to be confirmed${hostName === undefined ? '' : ` on host ${hostName}`}; bridgectl get host -o yaml shows how the last change ended.`;
}

function leftOf(session: Session, { deadlineMs }: OpenChange): string {
  return deadlineMs === undefined ? '-' : humanDuration(Math.max(deadlineMs - session.surroundings.clock.now(), 0));
}
