/** What a user may do is said by one role; see `roles.ts`. */
export type Role = 'admin' | 'edit' | 'view' | 'controller';

export const ROLES: readonly Role[] = ['admin', 'edit', 'view', 'controller'];

/** Who asks. Without a role a user may do no more than look whether the server is well. */
export interface Identity {
  readonly userName: string;
  readonly groups: readonly string[];
  readonly role?: Role;
  /** Who has sent the request, where that is somebody else. */
  readonly impersonatedBy?: string;
}

/** Kubernetes' own group for those who may do everything. */
const MASTERS = 'system:masters';

/** The group that gives a role. */
export function groupOf(role: Role): string {
  return `bridgekeeper:${role}`;
}

/** The role that groups give, the first in order where they give several. */
export function roleOfGroups(groups: readonly string[]): Role | undefined {
  return groups.includes(MASTERS) ? 'admin' : ROLES.find((role) => groups.includes(groupOf(role)));
}

/** Whoever sends no credentials. */
export const ANONYMOUS: Identity = { userName: 'system:anonymous', groups: ['system:unauthenticated'] };
