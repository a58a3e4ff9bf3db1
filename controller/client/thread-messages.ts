import { ApiError } from '../../api/machinery/api-error.ts';
import type { ResourceClient } from './resource-client.ts';

/** What is asked and answered once; a watch goes on and on and has messages of its own. */
export type ClientCalls = Omit<ResourceClient, 'watch'>;

/** From the loop's thread to the API's. Arguments travel as JSON, which is quicker than to clone them object by object. */
export type ThreadRequest =
  | { readonly type: 'call'; readonly id: number; readonly method: keyof ClientCalls; readonly args: string }
  | { readonly type: 'watch'; readonly id: number; readonly kind: string; readonly resourceVersion: string }
  | { readonly type: 'unwatch'; readonly id: number };

/** From the API's thread to the loop's. Objects that are listed and watched travel as the JSON that is stored. */
export type ThreadReply =
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'listed'; readonly id: number; readonly items: readonly string[]; readonly resourceVersion: string }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorText }
  | { readonly type: 'event'; readonly id: number; readonly event: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: string }
  | { readonly type: 'ended'; readonly id: number; readonly error: ErrorText };

/** An error as it goes from thread to thread, which know no classes of each other. */
export interface ErrorText {
  readonly message: string;
  readonly stack: string | undefined;
  readonly status: ApiError['status'] | undefined;
}

export function errorText(error: unknown): ErrorText {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { message, stack, status: error instanceof ApiError ? error.status : undefined };
}

/** The error again: an `ApiError` where it was one. */
export function errorOf({ message, stack, status }: ErrorText): Error {
  const error = status === undefined ? new Error(message) : new ApiError({ ...status, message: status.message ?? message });
  if (stack !== undefined) error.stack = stack;
  return error;
}
