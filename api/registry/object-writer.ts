import { alreadyExists, badRequest, conflict, generatedNameTaken, notFound } from '../machinery/api-error.ts';
import type { Clock } from '../machinery/clock.ts';
import { equalJson } from '../machinery/json.ts';
import type { KubeObject, ManagedFieldsEntry, Manifest } from '../machinery/object.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import type { ObjectAddress, PatchBody, StoredObject, WriteAnswer, WriteOptions } from './contract.ts';
import { addFirstFinalizer, type FirstFinalizer } from './first-finalizer.ts';
import { storeName, type Kind } from './kind.ts';
import { checkNamespace } from './namespace-rules.ts';
import { generatedName, newObject } from './new-object.ts';
import { checkAddress, checkPreconditions, nextObject } from './next-object.ts';
import { proposeApplied, proposeManifest, proposePatched, type Proposal, type ProposalContext } from './proposal.ts';
import { removeObject, saveObject } from './save-object.ts';
import { unsaved, viewOf } from './stored-view.ts';
import { validateNew, validateStatus, validateUpdate } from './validation.ts';
import { writeWarnings, type Doubts } from './write-warnings.ts';

export interface ObjectWriterOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly doubts: Doubts;
  readonly firstFinalizer?: FirstFinalizer | undefined;
}

/** One write of one object, within its transaction. */
interface Write {
  readonly transaction: StoreTransaction;
  readonly kind: Kind;
  readonly at: ObjectAddress;
  readonly options: WriteOptions;
}

/** Kubernetes draws as many names before it gives up on a `generateName`. */
const NAME_ATTEMPTS = 8;

/** Create, update and patch of every kind: prune → default → prepare → validate → store, all in one transaction. */
export class ObjectWriter {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #doubts: Doubts;
  readonly #firstFinalizer: FirstFinalizer | undefined;

  constructor(options: ObjectWriterOptions) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#doubts = options.doubts;
    this.#firstFinalizer = options.firstFinalizer;
  }

  async create(kind: Kind, namespace: string | undefined, body: unknown, options: WriteOptions): Promise<WriteAnswer> {
    const at: ObjectAddress = { type: kind.type, name: '', ...(namespace === undefined ? {} : { namespace }) };
    const proposal = proposeManifest(this.#context(kind, at, options), body);
    return this.#store.write((transaction) => this.#create({ transaction, kind, at, options }, proposal));
  }

  async update(at: ObjectAddress, kind: Kind, body: unknown, options: WriteOptions): Promise<WriteAnswer> {
    const proposal = proposeManifest(this.#context(kind, at, options), body);
    checkAddress(at, proposal.manifest);
    return this.#store.write((transaction) => {
      const write = { transaction, kind, at, options };
      const old = find(write);
      if (old !== undefined) return this.#replace(write, old, proposal);
      if (!kind.rules.allowsCreateOnUpdate || at.subresource !== undefined) throw notFound(kind.type, at.name);
      return this.#create(write, proposal);
    });
  }

  async patch(at: ObjectAddress, kind: Kind, patch: PatchBody, options: WriteOptions): Promise<WriteAnswer> {
    const context = this.#context(kind, at, options);
    return this.#store.write((transaction) => {
      const write = { transaction, kind, at, options };
      const old = find(write);
      if (old === undefined && (patch.type !== 'apply' || at.subresource !== undefined)) throw notFound(kind.type, at.name);
      const proposal =
        old === undefined || patch.type === 'apply'
          ? proposeApplied(context, old?.object, patch.body)
          : proposePatched(context, old.object, patch);
      checkAddress(at, proposal.manifest);
      return old === undefined ? this.#createApplied(write, proposal) : this.#replace(write, old, proposal, true);
    });
  }

  #context(kind: Kind, at: ObjectAddress, options: WriteOptions): ProposalContext {
    return { kind, clock: this.#clock, options, subresource: at.subresource ?? '' };
  }

  #createApplied(write: Write, proposal: Proposal): WriteAnswer {
    const { type } = write.kind;
    const { uid = '' } = proposal.manifest.metadata;
    if (uid === '') return this.#create(write, proposal);
    const because = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict(type.group, type.plural, write.at.name, because);
  }

  #create(write: Write, { manifest, warnings, ownership }: Proposal): WriteAnswer {
    const { transaction, kind, at, options } = write;
    if ((manifest.metadata.resourceVersion ?? '') !== '') {
      throw badRequest('resourceVersion should not be set on objects to be created');
    }
    const object = newObject(manifest, { kind, clock: this.#clock, namespace: at.namespace });
    checkNamespace(transaction, kind, object);
    kind.rules.prepare?.(object, undefined);
    setManagedFields(object, ownership(object, undefined));
    if (this.#firstFinalizer) addFirstFinalizer(object, this.#firstFinalizer, this.#clock);
    options.judgeChange?.(object, undefined);
    validateNew(kind, object);
    drawFreeName(write, manifest, object);
    const stored = options.dryRun ? unsaved(withoutVersion(object), 0) : saveObject(transaction, kind, object, this.#clock);
    return { stored, created: true, warnings: [...warnings, ...writeWarnings(kind, object, undefined, this.#doubts)] };
  }

  #replace(write: Write, old: StoredObject, { manifest, warnings, ownership }: Proposal, isPatch = false): WriteAnswer {
    const { kind, at } = write;
    checkPreconditions(kind, at, manifest, old.object, isPatch);
    const next = nextObject(kind, at, manifest, old.object);
    const isWhole = at.subresource === undefined;
    if (isWhole) kind.rules.prepare?.(next, old.object);
    setManagedFields(next, ownership(next, old.object));
    write.options.judgeChange?.(next, old.object);
    // What is stored has been judged; saying it again costs no validation.
    if (isUnchanged(next, old.object)) return { stored: old, created: false, warnings };
    if (isWhole) validateUpdate(kind, next, old.object);
    else validateStatus(kind, next, old.object);
    const stored = this.#keep(write, next, old);
    const own = isWhole ? writeWarnings(kind, next, old.object, this.#doubts) : [];
    return { stored, created: false, warnings: [...warnings, ...own] };
  }

  #keep({ transaction, kind, options }: Write, next: KubeObject, old: StoredObject): StoredObject {
    if (options.dryRun) return unsaved(next, old.revision);
    if (isReleased(next) && kind.rules.holdsDeletion !== true) {
      removeObject(transaction, kind, next);
      return unsaved(next, old.revision);
    }
    return saveObject(transaction, kind, next, this.#clock);
  }
}

function find({ transaction, kind, at }: Write): StoredObject | undefined {
  const entry = transaction.get(kind.storedAs, storeName(kind.type, at.namespace, at.name));
  return entry && viewOf(kind, entry);
}

function setManagedFields({ metadata }: KubeObject, entries: ManagedFieldsEntry[] | undefined): void {
  if (entries === undefined) delete metadata.managedFields;
  else metadata.managedFields = entries;
}

/** A name that the client chose must be free; one that was drawn is drawn again. */
function drawFreeName({ transaction, kind }: Write, manifest: Manifest, { metadata }: KubeObject): void {
  const isTaken = (): boolean => transaction.get(kind.storedAs, storeName(kind.type, metadata.namespace, metadata.name)) !== undefined;
  const isDrawn = (manifest.metadata.name ?? '') === '';
  for (let attempt = 1; isTaken(); attempt += 1) {
    if (!isDrawn) throw alreadyExists(kind.type, metadata.name);
    if (attempt === NAME_ATTEMPTS) throw generatedNameTaken(kind.type, metadata.name);
    metadata.name = generatedName(metadata.generateName ?? '');
  }
}

/** A deletion waited for its finalizers, and the last one is gone. */
function isReleased({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0;
}

/** What changes nothing gets no revision; a change of nothing but the times of managedFields is none. */
function isUnchanged(next: KubeObject, old: KubeObject): boolean {
  const { metadata, ...content } = next;
  const { metadata: oldMetadata, ...oldContent } = old;
  if (!equalJson(content, oldContent)) return false;
  const { managedFields, ...others } = metadata;
  const { managedFields: oldManagedFields, ...oldOthers } = oldMetadata;
  return equalJson(others, oldOthers) && equalJson(managedFields?.map(withoutTime), oldManagedFields?.map(withoutTime));
}

function withoutTime({ time: _time, ...entry }: ManagedFieldsEntry): ManagedFieldsEntry {
  return entry;
}

function withoutVersion(object: KubeObject): KubeObject {
  Reflect.deleteProperty(object.metadata, 'resourceVersion');
  return object;
}
