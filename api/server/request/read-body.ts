import type { IncomingMessage } from 'node:http';
import { badRequest, tooLarge } from '../../machinery/api-error.ts';

/** As kube-apiserver: what is larger can't be an object. */
export const BODY_LIMIT_BYTES = 3 * 1024 * 1024;

/** The whole body. Throws 413 as soon as it is known to be too large, 400 when the client goes away before its end. */
export function readBody(request: IncomingMessage, limitBytes = BODY_LIMIT_BYTES): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return Promise.reject(tooLarge(limitBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let isWhole = false;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) {
        chunks.length = 0;
        request.removeAllListeners('data');
        request.pause();
        reject(tooLarge(limitBytes));
      } else {
        chunks.push(chunk);
      }
    });
    request.on('end', () => {
      isWhole = true;
      const [only] = chunks;
      resolve(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks));
    });
    request.on('error', (error) => reject(badRequest(`reading the body of the request failed: ${error.message}`)));
    // An error costs its stack, so none is made for the many that end well.
    request.on('close', () => {
      if (!isWhole) reject(badRequest('unexpected EOF'));
    });
  });
}
