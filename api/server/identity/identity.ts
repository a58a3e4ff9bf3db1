/** What a user may do is said by one role; see `roles.ts`. */
export type Role = 'admin' | 'edit' | 'view' | 'controller';

export const ROLES: readonly Role[] = ['admin', 'edit', 'view', 'controller'];

/** Who asks. Without a role a user may do no more than look whether the server is well. */
export interface Identity {
  readonly userName: string;
  readonly groups: readonly string[];
  readonly role?: Role;
}

/** Whoever sends no credentials. */
export const ANONYMOUS: Identity = { userName: 'system:anonymous', groups: ['system:unauthenticated'] };
