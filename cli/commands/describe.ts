import { isObject, numberAt, objectsAt, shown, textAt, valueAt, type JsonObject } from '../api/json.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { apiVersionOf } from '../api/resource-type.ts';
import { StatusError } from '../api/status-error.ts';
import { humanDuration } from '../arguments/duration.ts';
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { eventCells, lastSeenMs } from '../events-table.ts';
import { conditionsOf, yamlText } from '../output/object-text.ts';
import { harmless } from '../output/paint.ts';
import { TablePrinter } from '../output/table.ts';
import type { Session } from '../session.ts';
import { FILE_OPTIONS, listSelected, readTargets, SELECTOR_OPTIONS, type Targets } from '../targets.ts';

export const describe: Command = {
  usage: 'KIND NAME... | KIND/NAME... | KIND [-l LABELS] | -f FILE',
  description: 'Shows resources in full: spec, status, conditions, and what happened to them.',
  examples: [
    ['Why a port does not work', 'bridgectl describe vlanport vnet100'],
    ['The host', 'bridgectl describe hosts'],
  ],
  options: { ...SELECTOR_OPTIONS, ...FILE_OPTIONS, 'show-events': { type: 'switch', otherwise: 'true', help: 'what happened to it' } },
  async run(session, positionals) {
    const described = await load(session, await readTargets(session, positionals));
    if (described.length === 0) throw new CommandError('there is nothing like that.');
    for (const [index, { type, object }] of described.entries()) {
      if (index > 0) session.print('\n');
      await new Description(session, type, object).print();
    }
  },
};

interface Described {
  readonly type: ResourceType;
  readonly object: JsonObject;
}

async function load(session: Session, targets: Targets): Promise<Described[]> {
  const api = await session.api();
  if (targets.by === 'name') {
    return Promise.all(targets.targets.map(async ({ type, namespace, name }) => ({ type, object: await api.get(type, namespace, name) })));
  }
  const lists = await Promise.all(targets.types.map(async (type) => (await listSelected(session, type)).map((object) => ({ type, object }))));
  return lists.flat();
}

const LABEL_WIDTH = 14;

/** One object, written for people. */
class Description {
  readonly #session: Session;
  readonly #type: ResourceType;
  readonly #object: JsonObject;

  constructor(session: Session, type: ResourceType, object: JsonObject) {
    this.#session = session;
    this.#type = type;
    this.#object = object;
  }

  async print(): Promise<void> {
    this.#head();
    for (const [name, value] of Object.entries(this.#object)) {
      if (!['apiVersion', 'kind', 'metadata', 'status'].includes(name)) await this.#section(name, value);
    }
    await this.#section('status', this.#statusWithoutConditions());
    this.#conditions();
    if (this.#session.flags.on('show-events', true)) await this.#events();
  }

  #head(): void {
    const metadata = valueAt(this.#object, 'metadata');
    this.#line('Name', textAt(metadata, 'name') ?? '');
    if (this.#type.namespaced) this.#line('Namespace', textAt(metadata, 'namespace') ?? '');
    this.#line('Kind', `${this.#type.kind} (${apiVersionOf(this.#type)})`);
    this.#pairs('Labels', valueAt(metadata, 'labels'));
    this.#pairs('Annotations', valueAt(metadata, 'annotations'));
    this.#line('Created', this.#ago(textAt(metadata, 'creationTimestamp')));
    const deleting = textAt(metadata, 'deletionTimestamp');
    if (deleting !== undefined) this.#line('Deleting', `since ${this.#ago(deleting)}, held by ${shown(valueAt(metadata, 'finalizers'))}`);
    const generation = numberAt(metadata, 'generation');
    if (generation !== undefined) this.#line('Generation', String(generation) + this.#observedText());
    for (const owner of objectsAt(metadata, 'ownerReferences')) this.#line('Owner', `${textAt(owner, 'kind') ?? ''}/${textAt(owner, 'name') ?? ''}`);
  }

  #observedText(): string {
    const observed = numberAt(this.#object, 'status', 'observedGeneration');
    return observed === undefined ? '' : ` (status is of ${observed})`;
  }

  #pairs(label: string, value: ReturnType<typeof valueAt>): void {
    const pairs = isObject(value) ? Object.entries(value) : [];
    if (pairs.length === 0) this.#line(label, '<none>');
    pairs.forEach(([name, own], index) => this.#line(index === 0 ? label : '', `${name}=${shown(own)}`));
  }

  #line(label: string, text: string): void {
    const shownLabel = label === '' ? '' : `${label}:`;
    this.#session.print(this.#session.paint.head(shownLabel) + ' '.repeat(LABEL_WIDTH - shownLabel.length) + harmless(text));
  }

  async #section(name: string, value: ReturnType<typeof valueAt>): Promise<void> {
    if (value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0)) return;
    this.#title(name.slice(0, 1).toUpperCase() + name.slice(1));
    const text = await yamlText(isObject(value) ? value : { [name]: value });
    for (const line of text.trimEnd().split('\n')) this.#session.print(`  ${harmless(line)}`);
  }

  #title(title: string): void {
    this.#session.print(this.#session.paint.head(`${title}:`));
  }

  #statusWithoutConditions(): JsonObject {
    const status = this.#object['status'];
    if (!isObject(status)) return {};
    const { conditions: _, observedGeneration: __, ...rest } = status;
    return rest;
  }

  #conditions(): void {
    const conditions = conditionsOf(this.#object);
    if (conditions.length === 0) return;
    this.#title('Conditions');
    const rows = conditions.map((condition) => [condition.type, condition.status, this.#age(condition.since), condition.reason, condition.message]);
    this.#table(['Type', 'Status', 'Since', 'Reason', 'Message'], rows);
  }

  async #events(): Promise<void> {
    const events = await this.#loadEvents();
    if (events.length === 0) {
      this.#line('Events', '<none>');
      return;
    }
    this.#title('Events');
    const nowMs = this.#session.surroundings.clock.now();
    const rows = events.map((event) => eventCells(event, nowMs)).map(([seen = '', type = '', reason = '', , message = '']) => [seen, type, reason, message]);
    this.#table(['Last seen', 'Type', 'Reason', 'Message'], rows);
  }

  async #loadEvents(): Promise<JsonObject[]> {
    const metadata = valueAt(this.#object, 'metadata');
    const type = (await this.#session.kinds()).all.find((candidate) => candidate.group === '' && candidate.kind === 'Event');
    if (type === undefined) return [];
    const about = {
      'involvedObject.kind': this.#type.kind,
      'involvedObject.name': textAt(metadata, 'name') ?? '',
      'involvedObject.uid': textAt(metadata, 'uid') ?? '',
    };
    const fieldSelector = Object.entries(about).map(([field, value]) => `${field}=${value}`).join(',');
    try {
      // Events about what has no namespace live in "default".
      const list = await (await this.#session.api()).list(type, { namespace: textAt(metadata, 'namespace') ?? 'default', fieldSelector });
      return objectsAt(list, 'items').sort((left, right) => lastSeenMs(left) - lastSeenMs(right));
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 403) throw error;
      this.#session.warn(error.message);
      return [];
    }
  }

  #table(heads: readonly string[], rows: readonly string[][]): void {
    const { stdout } = this.#session.surroundings;
    const indented = { write: (text: string) => stdout.write(text.replace(/^(?=.)/gm, '  ')), isTerminal: stdout.isTerminal };
    new TablePrinter(indented, this.#session.paint).print(heads, rows);
  }

  #ago(text: string | undefined): string {
    return text === undefined ? '<unknown>' : `${text} (${this.#age(text)} ago)`;
  }

  #age(text: string): string {
    const at = Date.parse(text);
    // The epoch stands for never: a condition that was only defaulted.
    return Number.isNaN(at) || at === 0 ? '-' : humanDuration(this.#session.surroundings.clock.now() - at);
  }
}
