import type { JsonObject } from '../api/json.ts';

/** One object of a manifest file. */
export interface ManifestDocument {
  readonly object: JsonObject;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly file: string;
  /** Where the object begins, from 1. */
  readonly line: number;
  /** The line of a field as the server writes its path, or of the nearest thing around it that is there. */
  lineOf(fieldPath: string): number;
}

/** A document, or what is wrong with one: `portgroups.yaml:7:3: …`. The others of its file are read all the same. */
export type ReadManifest = { readonly document: ManifestDocument } | { readonly problem: string };

/** `vlan-2 (portgroups.yaml:7)` */
export function subjectOf(document: ManifestDocument, fieldPath = ''): string {
  return `${document.name} (${document.file}:${fieldPath === '' ? document.line : document.lineOf(fieldPath)})`;
}
