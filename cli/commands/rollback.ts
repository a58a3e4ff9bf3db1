import { isDeepStrictEqual } from 'node:util';
import type { ApiClient, ApplyOptions } from '../api/api-client.ts';
import { isObject, objectsAt, textAt, toJson, valueAt, type JsonObject } from '../api/json.ts';
import { apiVersionOf, fullName, shortName } from '../api/resource-type.ts';
import { StatusError } from '../api/status-error.ts';
import { changesOf, noChanges, revisionOf, singleTarget } from '../changes.ts';
import type { Command } from '../command.ts';
import { CommandError, UsageError } from '../errors.ts';
import { harmless } from '../output/paint.ts';
import { yamlText } from '../output/object-text.ts';
import { lineDiff } from '../output/text-diff.ts';
import type { Session } from '../session.ts';
import type { NamedTarget } from '../targets.ts';

const FIELD_MANAGER = 'bridgectl';

export const rollback: Command = {
  usage: 'KIND/NAME --to-revision N',
  description:
    'Gives a resource the spec that it had at a revision of its history, and shows what that changes. The ' +
    'resource is changed through the API like by apply; the controller then brings the host there.',
  examples: [
    ['Which revisions there are', 'bridgectl history vlanport/vnet100'],
    ['See what would change', 'bridgectl rollback vlanport/vnet100 --to-revision 3 --dry-run=server'],
    ['Do it', 'bridgectl rollback vlanport/vnet100 --to-revision 3'],
  ],
  isWriting: true,
  options: {
    'to-revision': { type: 'text', value: 'N', help: 'the revision, as bridgectl history shows it' },
    'dry-run': { type: 'text', value: 'server|none', otherwise: 'none', help: 'server: check and show what would change, but change nothing' },
  },
  async run(session, positionals) {
    const isDryRun = session.flags.word('dry-run', ['server', 'none']) === 'server';
    const revision = revisionFlag(session);
    const target = await singleTarget(session, positionals, 'rollback');
    const spec = await specAt(session, target, revision);
    const restoring = new Restoring(await session.api(), target, spec);
    const { before, after } = await restoring.rehearse();
    const name = fullName(target.type, target.name);
    if (isDeepStrictEqual(before, after)) {
      session.print(`${name} unchanged`);
      return;
    }
    for (const line of lineDiff(before && (await yamlText(before)) || '', await yamlText(after))) session.print(painted(session, harmless(line)));
    if (!isDryRun) await restoring.restore();
    session.print(`${name} rolled back to revision ${revision}${isDryRun ? ' (server dry run)' : ''}`);
  },
};

function revisionFlag(session: Session): number {
  const text = session.flags.text('to-revision');
  if (text === undefined) throw new UsageError('to which revision? Give --to-revision N; bridgectl history KIND/NAME shows them.');
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`--to-revision ${text} is no number of a revision.`);
  return Number(text);
}

async function specAt(session: Session, target: NamedTarget, revision: number): Promise<JsonObject> {
  const changes = await changesOf(session, target);
  if (changes.length === 0) throw new CommandError(noChanges(target));
  const change = changes.find((each) => revisionOf(each) === revision);
  if (change === undefined) throw new CommandError(`${shortName(target.type, target.name)} has no revision ${revision}; it has ${changes.map(revisionOf).join(', ')}.`);
  const text = textAt(change, 'spec', 'after');
  if (text === undefined) throw new CommandError(`revision ${revision} took it off the host and has no spec; take one before it.`);
  const { parse } = await import('yaml');
  const spec = toJson(parse(text, { version: '1.1' }));
  if (!isObject(spec)) throw new CommandError(`revision ${revision} holds no spec that can be read.`);
  return spec;
}

/** Brings a resource to a spec: by server-side apply, so that a later apply finds its own fields; whole, where others own more. */
class Restoring {
  readonly #api: ApiClient;
  readonly #target: NamedTarget;
  readonly #spec: JsonObject;
  #current: JsonObject | undefined;
  #isWhole = false;

  constructor(api: ApiClient, target: NamedTarget, spec: JsonObject) {
    this.#api = api;
    this.#target = target;
    this.#spec = spec;
  }

  /** Lets the server answer as if; gives the spec before, where there is one, and after. */
  async rehearse(): Promise<{ before: JsonObject | undefined; after: JsonObject }> {
    this.#current = await this.#load();
    let after = specOf(await this.#apply(true));
    if (this.#current !== undefined && !isDeepStrictEqual(after, this.#spec)) {
      this.#isWhole = true;
      after = specOf(await this.#replace(this.#current, true));
    }
    return { before: this.#current && specOf(this.#current), after };
  }

  async restore(): Promise<void> {
    if (this.#isWhole && this.#current !== undefined) await this.#replace(this.#current, false);
    else await this.#apply(false);
  }

  async #load(): Promise<JsonObject | undefined> {
    const { type, namespace, name } = this.#target;
    try {
      return await this.#api.get(type, namespace, name);
    } catch (error) {
      if (error instanceof StatusError && error.code === 404) return undefined;
      throw error;
    }
  }

  async #apply(dryRun: boolean): Promise<JsonObject> {
    const { type, namespace, name } = this.#target;
    const metadata = { name, ...(this.#current ? ownMetadata(this.#current) : {}) };
    const body = { apiVersion: apiVersionOf(type), kind: type.kind, metadata, spec: this.#spec };
    const options: ApplyOptions = { fieldManager: FIELD_MANAGER, force: true, dryRun, fieldValidation: 'Strict' };
    return (await this.#api.apply(type, namespace, name, body, options)).object;
  }

  #replace(current: JsonObject, dryRun: boolean): Promise<JsonObject> {
    const { type, namespace, name } = this.#target;
    return this.#api.replace(type, namespace, name, { ...current, spec: this.#spec }, { fieldManager: FIELD_MANAGER, dryRun });
  }
}

/** The labels and annotations that bridgectl has applied: what an apply leaves out, and had before, would be taken away. */
function ownMetadata(object: JsonObject): JsonObject {
  const entry = objectsAt(object, 'metadata', 'managedFields').find((each) => textAt(each, 'manager') === FIELD_MANAGER && textAt(each, 'operation') === 'Apply');
  const own: JsonObject = {};
  for (const field of ['labels', 'annotations']) {
    const owned = valueAt(entry, 'fieldsV1', 'f:metadata', `f:${field}`);
    const values = valueAt(object, 'metadata', field);
    if (isObject(owned) && isObject(values)) own[field] = Object.fromEntries(Object.entries(values).filter(([key]) => `f:${key}` in owned));
  }
  return own;
}

function specOf(object: JsonObject): JsonObject {
  const spec = object['spec'];
  return isObject(spec) ? spec : {};
}

function painted(session: Session, line: string): string {
  if (line.startsWith('+')) return session.paint.good(line);
  return line.startsWith('-') ? session.paint.bad(line) : line;
}
