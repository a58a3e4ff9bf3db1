import type { KubeObject } from '../machinery/object.ts';

/**
 * What the registry offers to the server and to the in-process client. Whoever asks, only the registry writes the store.
 * Every refusal is thrown as an `ApiError` (api/machinery/api-error.ts), which carries the `Status` to send.
 */
export interface Registry {
  readonly types: readonly ResourceType[];
  /** The stored bytes are what a single-object GET sends. */
  get(at: ObjectAddress): StoredObject;
  list(type: ResourceType, options: ListOptions): ListResult;
  create(type: ResourceType, namespace: string | undefined, body: unknown, options: WriteOptions): Promise<WriteAnswer>;
  update(at: ObjectAddress, body: unknown, options: WriteOptions): Promise<WriteAnswer>;
  patch(at: ObjectAddress, patch: PatchBody, options: WriteOptions): Promise<WriteAnswer>;
  /** Answers the object when finalizers hold it, else undefined: it is gone. */
  delete(at: ObjectAddress, options: DeleteOptions): Promise<DeleteAnswer>;
  deleteCollection(type: ResourceType, list: ListOptions, options: DeleteOptions): Promise<readonly KubeObject[]>;
  /** Throws an `ApiError` 410 `Expired` when the revision was compacted. Returns the way to stop. */
  watch(type: ResourceType, options: WatchOptions, sink: WatchSink): () => void;
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly hasStatus: boolean;
  readonly columns: readonly PrinterColumn[];
  readonly verbs: readonly string[];
  /** JSON paths whose values are stored but do not act yet: `spec.rollback.probes`, `spec.interfaces[].guest`. */
  readonly notYetActing: readonly string[];
}

export interface ObjectAddress {
  readonly type: ResourceType;
  readonly namespace?: string;
  readonly name: string;
  readonly subresource?: 'status';
}

export interface StoredObject {
  readonly object: KubeObject;
  /** The same object as JSON, UTF-8. */
  readonly bytes: Buffer;
  readonly revision: number;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continueToken?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
}

export interface ListResult {
  readonly items: readonly StoredObject[];
  readonly resourceVersion: string;
  readonly continueToken?: string;
  readonly remainingItemCount?: number;
}

export interface WriteOptions {
  readonly userName: string;
  readonly fieldManager: string;
  readonly dryRun: boolean;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  /** The request's own text, where it had one: for duplicate fields. */
  readonly rawBody?: string;
  /** Keys that stand twice in a YAML body, in the words of Go's YAML reader: `line 3: key "tag" already set in map`. */
  readonly duplicateKeys?: readonly string[];
  /** Server-side apply: take over what others own. */
  readonly force?: boolean;
  /** Asked before anything is stored. */
  readonly judgeChange?: JudgeChange | undefined;
}

/** Throws an `ApiError` where the one who asks may not make an object so; `old` is undefined where it would be created. */
export type JudgeChange = (next: KubeObject, old: KubeObject | undefined) => void;

export interface PatchBody {
  readonly type: 'json' | 'merge' | 'apply';
  readonly body: unknown;
}

export interface WriteAnswer {
  readonly stored: StoredObject;
  readonly created: boolean;
  /** Texts for `Warning: 299` headers. */
  readonly warnings: readonly string[];
}

export interface DeleteOptions extends Pick<WriteOptions, 'userName' | 'dryRun'> {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

export type DeleteAnswer = { readonly gone: true; readonly object: KubeObject } | { readonly gone: false; readonly stored: StoredObject };

export interface WatchOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly sendInitialEvents?: boolean;
  readonly allowWatchBookmarks?: boolean;
}

export interface WatchSink {
  /** `object` is the state before for DELETED, with the revision of the deletion. `bytes` is its JSON. */
  event(event: { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject; readonly bytes: Buffer; readonly revision: number }): void;
  /** Everything up to this revision was sent; `initial` marks the end of the initial events. */
  bookmark(revision: number, initial: boolean): void;
  /** The watch can't go on (compacted, too slow); the sink sends an ERROR event and ends. */
  failed(error: Error): void;
}
