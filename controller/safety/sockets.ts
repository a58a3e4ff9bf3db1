import { readFile } from 'node:fs/promises';
import { SocketAddress } from 'node:net';

/** One end of an established TCP connection, as seen from here. */
export interface TcpConnection {
  readonly localAddress: string;
  readonly localPort: number;
  readonly peerAddress: string;
}

const ESTABLISHED = '01';
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/** Reads the established connections of this network namespace (proc_net(5), `/proc/net/tcp`). */
export async function readConnections(): Promise<readonly TcpConnection[]> {
  const texts = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readTable));
  return texts.flatMap(parseConnections);
}

/** A kernel without IPv6 has no second table. */
async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/** The established connections of one table; its first line is a heading. */
export function parseConnections(table: string): readonly TcpConnection[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', peer = '', state] = line.trim().split(/\s+/);
      if (state !== ESTABLISHED) return [];
      const [localAddress, localPort] = endpointOf(local);
      const [peerAddress] = endpointOf(peer);
      return [{ localAddress, localPort, peerAddress }];
    });
}

/** `0100007F:0016` is 127.0.0.1 port 22: words of 32 bits as this machine stores them, the port as a number. */
function endpointOf(text: string): readonly [address: string, port: number] {
  const [hex = '', port = ''] = text.split(':');
  const bytes = Buffer.from(hex, 'hex');
  if (isLittleEndian) for (let word = 0; word + 4 <= bytes.length; word += 4) bytes.subarray(word, word + 4).reverse();
  return [addressOf(bytes), Number.parseInt(port, 16)];
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  const { address } = new SocketAddress({ address: groups.join(':'), family: 'ipv6' });
  return MAPPED_IPV4.exec(address)?.[1] ?? address;
}
