import type { KubeObject } from '../../../machinery/object.ts';

/** `columnDefinitions` of a Table (meta.k8s.io/v1). The order of the members is the order on the wire. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

export interface Column {
  readonly definition: ColumnDefinition;
  /** `nowMs`: ages are computed by the server. */
  cell(object: KubeObject, nowMs: number): unknown;
}

const ABOUT_NAMES =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to ' +
  'request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and ' +
  'configuration definition. Cannot be updated. More info: ' +
  'https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';

export const NAME_COLUMN: Column = {
  definition: { name: 'Name', type: 'string', format: 'name', description: ABOUT_NAMES, priority: 0 },
  cell: (object) => object.metadata.name,
};
