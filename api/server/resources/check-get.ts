import { badRequest, resourceVersionTooLarge } from '../../machinery/api-error.ts';
import type { ResourceType } from '../../registry/contract.ts';
import { parseResourceVersion } from '../../registry/object-reader.ts';
import type { ResourceExchange } from '../exchange.ts';
import type { ResourceServer } from './resource-server.ts';

/** Throws 400 for a name that can't be part of a path (apimachinery `pkg/api/validation/path`). */
export function checkPathName(name: string): void {
  const problems = [...(name === '.' || name === '..' ? [`may not be '${name}'`] : []), ...(name.includes('%') ? ["may not contain '%'"] : [])];
  if (problems.length > 0) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${problems.join(';')}`);
}

/** An answer is always as new as can be; all that is left to say is that a revision is none (400) or still to come (504). */
export function checkRevision(server: ResourceServer, { query }: ResourceExchange, type: ResourceType): void {
  const asked = parseResourceVersion(query.get('resourceVersion') ?? undefined);
  if (asked === undefined || asked === 0) return;
  const current = Number(server.registry.list(type, { limit: 1 }).resourceVersion);
  if (asked > current) throw resourceVersionTooLarge(asked, current);
}
