/** What the far switch can be asked, a JSON line. */
export type SwitchRequest =
  | { readonly command: 'port'; readonly native: number; readonly tagged: readonly number[] }
  | { readonly command: 'ping'; readonly from: string; readonly address: string; readonly intervalMs: number }
  | { readonly command: 'watch' };

/** Reads a request; gives what is wrong with it in words where something is. */
export function parseRequest(line: string): SwitchRequest | string {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null || !('command' in value)) return 'a request is a JSON object with a command';
  const { command } = value;
  if (command === 'watch') return { command };
  if (command === 'port' && 'native' in value && 'tagged' in value) {
    const { native, tagged } = value;
    if (typeof native === 'number' && isNumbers(tagged)) return { command, native, tagged };
  }
  if (command === 'ping' && 'from' in value && 'address' in value && 'intervalMs' in value) {
    const { from, address, intervalMs } = value;
    if (typeof from === 'string' && typeof address === 'string' && typeof intervalMs === 'number') {
      return { command, from, address, intervalMs };
    }
  }
  return `this is no request of the far switch: ${line}`;
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}
