import { objectsAt, textAt, type JsonObject } from '../api/json.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EVENT_HEADS, eventCells, lastSeenMs } from '../events-table.ts';
import { TablePrinter } from '../output/table.ts';
import type { Session } from '../session.ts';
import { readTargets } from '../targets.ts';

export const events: Command = {
  usage: '[--for KIND/NAME]',
  description: 'Shows events, the latest at the end.',
  examples: [
    ['What happened to one bridge', 'bridgectl events --for bridge/lunabr'],
    ['Warnings, as they come', 'bridgectl events --types=Warning -w'],
  ],
  options: {
    for: { type: 'text', value: 'KIND/NAME', help: 'only those about this resource' },
    types: { type: 'text', value: 'TYPES', help: 'only those of these types: Normal, Warning' },
    watch: { type: 'switch', short: 'w', help: 'go on showing new ones' },
    'all-namespaces': { type: 'switch', short: 'A', help: 'of all namespaces' },
    'no-headers': { type: 'switch', help: 'no line of heads' },
  },
  async run(session, positionals) {
    if (positionals.length > 0) throw new UsageError(`"${positionals.join(' ')}" belongs to no option. Did you mean --for ${positionals[0] ?? ''}?`);
    const type = await eventType(session);
    const namespace = await session.namespaceFor(type);
    const fieldSelector = await selectorOf(session);
    const selection = { ...(namespace !== undefined && { namespace }), ...(fieldSelector !== undefined && { fieldSelector }) };
    const shower = new EventShower(session);
    if (session.flags.on('watch')) {
      for await (const followed of session.follow(type, selection)) {
        if (followed.type === 'LISTED') shower.show(objectsAt(followed.list, 'items'));
        else if (followed.type !== 'DELETED') shower.show([followed.object]);
      }
      return;
    }
    shower.show(objectsAt(await (await session.api()).list(type, selection), 'items'));
    if (!shower.hasShown) session.note('There are no events.');
  },
};

async function eventType(session: Session): Promise<ResourceType> {
  return (await session.kinds()).ofManifest('v1', 'Event');
}

async function selectorOf(session: Session): Promise<string | undefined> {
  const about = session.flags.text('for');
  if (about === undefined) return undefined;
  const targets = about.includes('/') ? await readTargets(session, [about]) : undefined;
  const target = targets?.by === 'name' ? targets.targets[0] : undefined;
  if (!target) throw new UsageError(`--for ${about}: write KIND/NAME.`);
  return `involvedObject.kind=${target.type.kind},involvedObject.name=${target.name}`;
}

class EventShower {
  readonly #session: Session;
  readonly #printer: TablePrinter;
  readonly #types: ReadonlySet<string> | undefined;
  /** By uid, the revision that was shown last: after a new list only what is new is shown. */
  readonly #shown = new Map<string, string>();

  constructor(session: Session) {
    this.#session = session;
    this.#printer = new TablePrinter(session.surroundings.stdout, session.paint);
    const types = session.flags.text('types');
    this.#types = types === undefined ? undefined : new Set(types.split(',').map((type) => type.toLowerCase()));
  }

  get hasShown(): boolean {
    return this.#shown.size > 0;
  }

  show(all: readonly JsonObject[]): void {
    const wanted = all.filter((event) => this.#isWanted(event)).sort((left, right) => lastSeenMs(left) - lastSeenMs(right));
    if (wanted.length === 0) return;
    const withHeads = this.#shown.size === 0 && !this.#session.flags.on('no-headers');
    for (const event of wanted) this.#shown.set(textAt(event, 'metadata', 'uid') ?? '', textAt(event, 'metadata', 'resourceVersion') ?? '');
    const nowMs = this.#session.surroundings.clock.now();
    this.#printer.print(withHeads ? EVENT_HEADS : undefined, wanted.map((event) => eventCells(event, nowMs)));
  }

  #isWanted(event: JsonObject): boolean {
    const isNew = this.#shown.get(textAt(event, 'metadata', 'uid') ?? '') !== textAt(event, 'metadata', 'resourceVersion');
    return isNew && (this.#types === undefined || this.#types.has((textAt(event, 'type') ?? '').toLowerCase()));
  }
}
