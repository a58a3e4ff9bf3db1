import type { ServerResponse } from 'node:http';

/** As many and as long as a client's header limit allows (k8s.io/apiserver `pkg/endpoints/filters/warning.go`). */
const TOTAL_MAXIMUM_CHARACTERS = 4096;

/** One `Warning: 299 - "text"` header for each text (RFC 7234, 5.5). The same text is sent once. */
export function addWarnings(response: ServerResponse, texts: readonly string[]): void {
  let room = TOTAL_MAXIMUM_CHARACTERS;
  const headers: string[] = [];
  for (const text of new Set(texts)) {
    room -= text.length;
    if (room < 0) break;
    headers.push(`299 - "${quotable(text)}"`);
  }
  if (headers.length > 0) response.setHeader('Warning', headers);
}

/** A quoted-string holds neither controls nor, in Node's headers, anything beyond Latin-1. */
function quotable(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[^\x20-\xff]/g, '?')
    .replace(/["\\]/g, '\\$&');
}
