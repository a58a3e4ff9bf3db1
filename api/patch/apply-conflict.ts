import { applyConflict, type ApiError } from '../machinery/api-error.ts';
import type { Manager } from './managers.ts';
import { showPath, type PathElement } from './path-element.ts';

export interface Conflict {
  readonly manager: Manager;
  readonly path: readonly PathElement[];
}

/** One cause for each field and manager, as kube-apiserver tells conflicts. */
export function conflictError(conflicts: readonly Conflict[]): ApiError {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${showManager(manager)}`,
    field: showPath(path),
  }));
  return applyConflict(causes, messageOf(conflicts));
}

function messageOf(conflicts: readonly Conflict[]): string {
  const [only] = conflicts;
  if (conflicts.length === 1 && only !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${showManager(only.manager)}: ${showPath(only.path)}`;
  }
  const lines: string[] = [];
  let last: string | undefined;
  for (const { manager, path } of conflicts) {
    const shown = showManager(manager);
    if (shown !== last) lines.push(`conflicts with ${shown}:`);
    last = shown;
    lines.push(`- ${showPath(path)}`);
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

function showManager({ name, operation, apiVersion, subresource, time }: Manager): string {
  const part = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  if (operation === 'Apply') return `${JSON.stringify(name)}${part}`;
  return `${JSON.stringify(name)}${part} using ${apiVersion}${time === undefined ? '' : ` at ${time}`}`;
}
