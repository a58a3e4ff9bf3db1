import type { KubeObject } from '../machinery/object.ts';
import type { StatusCause } from '../machinery/status.ts';
import type { ResourceSchema } from '../schema/resource-schema.ts';
import type { ResourceType } from './contract.ts';

/** Everything that the registry knows of a resource: what its schema says, and what is special to it. */
export interface Kind {
  readonly type: ResourceType;
  readonly schema: ResourceSchema;
  /** The resource of the store that holds its objects; two kinds that show the same objects share one. */
  readonly storedAs: string;
  readonly rules: KindRules;
}

/** How a kind differs from the others. What is absent is as for custom resources. */
export interface KindRules {
  /** What is wrong with a name. */
  readonly nameProblems: (name: string) => readonly string[];
  /** Whether `metadata.generation` is counted. */
  readonly countsGenerations: boolean;
  /** Whether an update may leave out `resourceVersion`. */
  readonly allowsUnconditionalUpdate: boolean;
  /** Whether a PUT of an object that does not exist creates it. */
  readonly allowsCreateOnUpdate: boolean;
  /** How long an object lives after its last write. */
  readonly lifetimeMs?: number;
  /** Changes the new object before it is validated. */
  readonly prepare?: (object: KubeObject, old: KubeObject | undefined) => void;
  /** What is wrong with it beyond its schema. */
  readonly validate?: (object: KubeObject, old: KubeObject | undefined) => readonly StatusCause[];
  /** Throws an `ApiError` when the object must not be deleted. */
  readonly checkDelete?: (object: KubeObject) => void;
  /** A deletion only marks the object; somebody removes it when nothing depends on it any more. */
  readonly holdsDeletion?: boolean;
  /** Fields that lists can select by, beside `metadata.name` and `metadata.namespace`. */
  readonly selectableFields?: ReadonlyMap<string, (object: KubeObject) => string>;
  /** How the stored form differs from the one that this kind shows. */
  readonly form?: ObjectForm;
}

export interface ObjectForm {
  toStored(object: KubeObject): KubeObject;
  fromStored(object: KubeObject): KubeObject;
}

/** `portgroups.bridgekeeper.dev`: what the store calls a resource. */
export function storeResource(type: Pick<ResourceType, 'group' | 'plural'>): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

/** The name in the store: `default/settings` in a namespace, else the bare name. */
export function storeName(type: ResourceType, namespace: string | undefined, name: string): string {
  return type.namespaced ? `${namespace ?? ''}/${name}` : name;
}

export function apiVersionOf(type: Pick<ResourceType, 'group' | 'version'>): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}
