import { isDeepStrictEqual } from 'node:util';
import type { ApiClient, ApplyAnswer, ApplyOptions } from '../api/api-client.ts';
import { explainRefusal } from '../api/explain-refusal.ts';
import { isObject, objectsAt, textAt, type JsonObject } from '../api/json.ts';
import type { Kinds } from '../api/kinds.ts';
import { fullName, type ResourceType } from '../api/resource-type.ts';
import { StatusError } from '../api/status-error.ts';
import type { Command } from '../command.ts';
import { ConnectionError } from '../connection/connection-error.ts';
import { toSend } from '../dry-apply.ts';
import { AlreadyReported, CommandError, LoginError, UsageError } from '../errors.ts';
import { subjectOf, type ManifestDocument, type ReadManifest } from '../manifests/document.ts';
import { readManifests } from '../manifests/read.ts';
import type { Session } from '../session.ts';
import { askPlan, printPlan } from './plan.ts';
import { FILE_OPTIONS } from '../targets.ts';

export const apply: Command = {
  usage: '-f FILE...',
  description:
    'Makes the server\'s resources as the manifests say, by server-side apply: what you leave out of a ' +
    'manifest that you had in it before is taken away; what others set and you never did is left alone.',
  examples: [
    ['Apply every manifest of a folder', 'bridgectl apply -f examples/luna/'],
    ['Let the server check all of it and change nothing', 'bridgectl apply -f bridge.yaml --dry-run=server'],
    ['Take over fields that another tool has set', 'bridgectl apply -f bridge.yaml --force-conflicts'],
  ],
  isWriting: true,
  options: {
    ...FILE_OPTIONS,
    'dry-run': { type: 'text', value: 'server|none', otherwise: 'none', help: 'server: check, show what would change on the host, and change nothing' },
    'force-conflicts': { type: 'switch', help: 'take over fields that others have set' },
    'field-manager': { type: 'text', value: 'NAME', otherwise: 'bridgectl', help: 'in whose name the fields are set' },
    validate: { type: 'text', value: 'strict|warn|ignore', otherwise: 'strict', help: 'what to do about unknown and doubled fields' },
  },
  async run(session, positionals) {
    const names = session.flags.all('filename');
    if (names.length === 0) throw new UsageError(`which manifests? bridgectl apply -f ${positionals[0] ?? 'FILE'}`);
    if (positionals.length > 0) throw new UsageError(`"${positionals.join(' ')}" belongs to no option. Give each file its own -f.`);
    const options = applyOptions(session);
    const manifests = await readManifests({
      names,
      isRecursive: session.flags.on('recursive'),
      readStdin: () => session.surroundings.readStdin(),
    });
    if (manifests.length === 0) throw new CommandError(`there is no object in ${names.join(', ')}.`);
    const run = new ApplyRun(session, await session.api(), await session.kinds(), options);
    for (const batch of batchesOf(manifests)) await run.apply(batch);
    if (options.dryRun && run.rehearsed.length > 0) await showPlan(session, run.rehearsed);
    if (run.hasFailed) throw new AlreadyReported();
  },
};

/** How long the host may take to say what it would do: without a controller nobody answers. */
const PLAN_PATIENCE_MS = 3_000;

/** What the host would do. A server without a controller has no host to ask: then what was said of the resources is all. */
async function showPlan(session: Session, objects: readonly JsonObject[]): Promise<void> {
  const kinds = await session.kinds();
  if (!kinds.all.some(({ kind }) => kind === 'HostQuery')) return;
  try {
    const answer = await askPlan(session, objects, { patienceMs: PLAN_PATIENCE_MS });
    session.print('');
    printPlan(session, answer);
  } catch (error) {
    if (!(error instanceof CommandError) && !(error instanceof StatusError)) throw error;
    session.warn(`what it would change on the host is not known: ${error.message}`);
  }
}

const VALIDATION = { strict: 'Strict', warn: 'Warn', ignore: 'Ignore' } as const;

function applyOptions(session: Session): ApplyOptions {
  const { flags } = session;
  const dryRun = flags.text('dry-run') === 'true' ? 'server' : (flags.word('dry-run', ['server', 'none']) ?? 'none');
  return {
    fieldManager: flags.text('field-manager') ?? 'bridgectl',
    force: flags.on('force-conflicts'),
    dryRun: dryRun === 'server',
    fieldValidation: VALIDATION[flags.word('validate', ['strict', 'warn', 'ignore']) ?? 'strict'],
  };
}

/** How many requests are under way at once. The server writes what comes together in one transaction. */
const BATCH_SIZE = 16;

/**
 * The order of the manifests is kept: only neighbours of one kind with different names go together, since nothing about one of
 * them can depend on another of them having come first.
 */
function batchesOf(manifests: readonly ReadManifest[]): ReadManifest[][] {
  const batches: ReadManifest[][] = [];
  let names = new Set<string>();
  let kind = '';
  for (const manifest of manifests) {
    const ownKind = 'document' in manifest ? `${manifest.document.apiVersion} ${manifest.document.kind}` : kind;
    const ownName = 'document' in manifest ? `${manifest.document.namespace ?? ''}/${manifest.document.name}` : `problem ${names.size}`;
    const last = batches.at(-1);
    if (last && last.length < BATCH_SIZE && ownKind === kind && !names.has(ownName)) last.push(manifest);
    else {
      batches.push([manifest]);
      names = new Set();
    }
    names.add(ownName);
    kind = ownKind;
  }
  return batches;
}

interface Outcome {
  readonly line?: string;
  readonly warnings?: readonly string[];
  readonly errors?: readonly string[];
}

class ApplyRun {
  readonly #session: Session;
  readonly #api: ApiClient;
  readonly #kinds: Kinds;
  readonly #options: ApplyOptions;
  /** What the server made of the manifests. */
  readonly rehearsed: JsonObject[] = [];
  hasFailed = false;

  constructor(session: Session, api: ApiClient, kinds: Kinds, options: ApplyOptions) {
    this.#session = session;
    this.#api = api;
    this.#kinds = kinds;
    this.#options = options;
  }

  /** Applies some manifests at once and reports them in their order. Throws only where going on would be in vain. */
  async apply(batch: readonly ReadManifest[]): Promise<void> {
    const outcomes = await Promise.allSettled(batch.map((manifest) => this.#outcomeOf(manifest)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      const { line, warnings = [], errors = [] } = outcome.value;
      for (const text of warnings) this.#session.warn(text);
      for (const text of errors) this.#session.error(text);
      if (line !== undefined) this.#session.print(line);
      if (errors.length > 0) this.hasFailed = true;
    }
  }

  async #outcomeOf(manifest: ReadManifest): Promise<Outcome> {
    if ('problem' in manifest) return { errors: [manifest.problem] };
    const { document } = manifest;
    try {
      return await this.#applyDocument(document);
    } catch (error) {
      if (error instanceof StatusError) return { errors: refusalLines(error, document) };
      if (error instanceof CommandError && !(error instanceof ConnectionError) && !(error instanceof LoginError)) {
        return { errors: error.lines.map((line) => `${subjectOf(document)}: ${line}`) };
      }
      throw error;
    }
  }

  async #applyDocument(document: ManifestDocument): Promise<Outcome> {
    const type = await this.#kinds.ofManifest(document.apiVersion, document.kind);
    const namespace = await this.#namespaceOf(document, type);
    const before = await this.#find(type, namespace, document.name);
    const answer = await this.#api.apply(type, namespace, document.name, toSend(document.object), this.#options);
    const done = outcomeWord(before, answer, this.#options.fieldManager);
    this.rehearsed.push(answer.object);
    return {
      line: `${fullName(type, document.name)} ${done}${this.#options.dryRun ? ' (server dry run)' : ''}`,
      warnings: answer.warnings.map((text) => `${subjectOf(document, fieldIn(text))}: ${text}`),
    };
  }

  async #find(type: ResourceType, namespace: string | undefined, name: string): Promise<JsonObject | undefined> {
    try {
      return await this.#api.get(type, namespace, name);
    } catch (error) {
      if (error instanceof StatusError && error.code === 404) return undefined;
      throw error;
    }
  }

  async #namespaceOf(document: ManifestDocument, type: ResourceType): Promise<string | undefined> {
    if (!type.namespaced) return undefined;
    const asked = this.#session.flags.text('namespace');
    if (asked !== undefined && document.namespace !== undefined && asked !== document.namespace) {
      throw new CommandError(`is for the namespace "${document.namespace}", but -n says "${asked}".`);
    }
    return document.namespace ?? (await this.#session.settings()).namespace;
  }
}

/** The field that a warning begins with: `unknown field "spec.x"`, `spec.vlan: …`, `spec.disks[].size is …`. */
function fieldIn(warning: string): string {
  const found = /^(?:unknown field "|duplicate field ")?((?:spec|metadata)\b[^\s":]*)/.exec(warning);
  return (found?.[1] ?? '').replaceAll('[]', '[0]');
}

function refusalLines(error: StatusError, document: ManifestDocument): string[] {
  const isOutdated = error.code === 409 && error.causes.length === 0 && textAt(document.object, 'metadata', 'resourceVersion') !== undefined;
  if (!isOutdated) return explainRefusal(error, (field) => subjectOf(document, field));
  const field = 'metadata.resourceVersion';
  return [`${subjectOf(document, field)}: ${field}: the object has changed since. Take this field out of the manifest, or start from a fresh bridgectl get -o yaml`];
}

/**
 * `unchanged` when neither what people write nor what is ours changed. The resourceVersion doesn't tell: the controller may
 * write the status at any moment.
 */
function outcomeWord(before: JsonObject | undefined, answer: ApplyAnswer, manager: string): 'created' | 'configured' | 'unchanged' {
  if (answer.created || before === undefined) return 'created';
  const same = isDeepStrictEqual(written(before), written(answer.object)) && isDeepStrictEqual(owned(before, manager), owned(answer.object, manager));
  return same ? 'unchanged' : 'configured';
}

function written(object: JsonObject): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  return { ...object, status: undefined, metadata: { labels, annotations, finalizers, ownerReferences } };
}

function owned(object: JsonObject, manager: string): unknown {
  const entries = objectsAt(object, 'metadata', 'managedFields');
  return entries.find((entry) => entry['manager'] === manager && entry['operation'] === 'Apply' && !entry['subresource'])?.['fieldsV1'];
}
