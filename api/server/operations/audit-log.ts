import type { Logger } from 'pino';
import type { Identity } from '../identity/identity.ts';
import type { RequestInfo } from '../request/request-info.ts';

/** What the audit log keeps of a request: who, what, how it ended. Never a body, a query or a header, so never a secret. */
export interface AuditRecord {
  readonly identity: Identity | undefined;
  readonly info: RequestInfo | undefined;
  readonly remoteAddress: string;
  readonly code: number;
  readonly durationMs: number;
}

const READING = ['get', 'list', 'watch', 'head'];

/** Writes and refusals are always logged; plain reads, which change nothing, only at level debug. */
export function auditLog(log: Logger): (record: AuditRecord) => void {
  const audit = log.child({ audit: true });
  return ({ identity, info, remoteAddress, code, durationMs }) => {
    const level = isQuiet(info, code) ? 'debug' : 'info';
    if (!audit.isLevelEnabled(level)) return;
    audit[level](
      {
        user: identity?.userName ?? '',
        ...(identity?.impersonatedBy === undefined ? {} : { impersonatedBy: identity.impersonatedBy }),
        verb: info?.verb ?? '',
        ...subjectOf(info),
        remoteAddress,
        code,
        durationMs: Math.round(durationMs * 100) / 100,
      },
      'request',
    );
  };
}

function isQuiet(info: RequestInfo | undefined, code: number): boolean {
  if (info === undefined || code === 401 || code === 403 || code >= 500) return false;
  return READING.includes(info.verb) && !(info.isResource && info.resource === 'secrets');
}

function subjectOf(info: RequestInfo | undefined): object {
  if (info === undefined) return {};
  if (!info.isResource) return { path: info.path };
  const { group, resource, subresource, namespace, name } = info;
  return {
    group,
    resource,
    ...(subresource === '' ? {} : { subresource }),
    ...(namespace === '' ? {} : { namespace }),
    ...(name === '' ? {} : { name }),
  };
}
