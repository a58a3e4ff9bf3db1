import { canonicalJson } from '../machinery/json.ts';
import type { KubeObject } from '../machinery/object.ts';
import type { StoredEntry } from '../store/stored-entry.ts';
import type { StoredObject } from './contract.ts';
import type { Kind } from './kind.ts';

/** An entry of the store as `kind` shows it: itself, unless the kind has a form of its own. */
export function viewOf(kind: Kind, entry: StoredEntry): StoredObject {
  const form = kind.rules.form;
  return form === undefined ? entry : unsaved(form.fromStored(entry.object), entry.revision);
}

/** An object that is shown but does not stand in the store so: of another form, or a dry run. */
export function unsaved(object: KubeObject, revision: number): StoredObject {
  return { object, bytes: Buffer.from(canonicalJson(object), 'utf8'), revision };
}
