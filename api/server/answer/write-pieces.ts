import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

const WRITE_BYTES = 64 * 1024;

/**
 * Writes a large body and ends the answer, as fast as the client takes it: so the body does not stand in memory once more, encrypted
 * and waiting. Returns early when the client goes away.
 */
export async function writePieces(response: ServerResponse, pieces: readonly Buffer[]): Promise<void> {
  let gathered: Buffer[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    for (let start = 0; start < piece.length; start += WRITE_BYTES) {
      const part = piece.subarray(start, start + WRITE_BYTES);
      gathered.push(part);
      bytes += part.length;
      if (bytes < WRITE_BYTES) continue;
      if (!response.write(Buffer.concat(gathered, bytes))) await takenOrGone(response);
      if (response.destroyed) return;
      gathered = [];
      bytes = 0;
    }
  }
  response.end(Buffer.concat(gathered, bytes));
}

async function takenOrGone(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const abort = new AbortController();
  const gone = (): void => abort.abort();
  response.once('close', gone);
  try {
    await once(response, 'drain', { signal: abort.signal });
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    response.off('close', gone);
  }
}
