import { userInfo } from 'node:os';

/** Whether the examination may see all there is. */
export function isRoot(): boolean {
  return (process.geteuid?.() ?? 0) === 0;
}

/** Who runs it; the number of one that no account has. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR') return String(process.geteuid?.());
    throw error;
  }
}
