import { createConnection } from 'node:net';
import type { Socket } from 'node:net';

import type { Clock } from '../../../../api/machinery/clock.ts';
import {
  BARRIER_REPLY, BARRIER_REQUEST, decodeMessages, decodePorts, ECHO_REPLY, ECHO_REQUEST, encodeMessage, ERROR, floodChange, HELLO, portsRequest,
  STATS_REPLY, VERSION,
} from './message.ts';
import type { Message, SwitchPort } from './message.ts';

const TIMEOUT_MS = 5_000;
const PORTS_XID = 1;
const BARRIER_XID = 2;
const CHANGE_XID = 3;

/**
 * Has a bridge flood to all its ports again. When STP or RSTP is turned off, vswitchd (3.1) leaves ports that forwarded out of what
 * it floods to, and broadcasts die though the database is as before; it reckons anew when a port is told not to be flooded to, and to
 * be again. A port that an administrator took out stays out. `socketPath` is the bridge's management socket (`BRIDGE.mgmt` in
 * vswitchd's run directory), which speaks OpenFlow 1.0 unless `Bridge.protocols` leaves that out. Throws when it can't be done.
 */
export async function restoreFlooding(socketPath: string, clock: Clock): Promise<void> {
  const socket = createConnection({ path: socketPath });
  const cancel = clock.after(TIMEOUT_MS, () => socket.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
  try {
    await new Conversation(socket).done;
  } catch (error) {
    throw new Error(`OpenFlow at ${socketPath}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    cancel();
    socket.destroy();
  }
}

/** Hello, which ports there are, the changes, and a barrier that tells when they are done. */
class Conversation {
  readonly done: Promise<void>;
  readonly #socket: Socket;
  readonly #ports: SwitchPort[] = [];
  #unread: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    this.done = new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('closed by the switch; does spec.protocols leave OpenFlow10 out?')));
      socket.on('data', (data: Buffer) => {
        try {
          if (this.#take(data)) resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    socket.write(encodeMessage(HELLO, 0));
  }

  /** Says whether all is done. */
  #take(data: Buffer): boolean {
    const { messages, rest } = decodeMessages(Buffer.concat([this.#unread, data]));
    this.#unread = rest;
    return messages.map((message) => this.#answer(message)).includes(true);
  }

  #answer(message: Message): boolean {
    switch (message.type) {
      case HELLO:
        if (message.version < VERSION) throw new Error(`version ${message.version} is not spoken`);
        this.#socket.write(portsRequest(PORTS_XID));
        return false;
      case ECHO_REQUEST:
        this.#socket.write(encodeMessage(ECHO_REPLY, message.xid, message.body));
        return false;
      case STATS_REPLY:
        this.#takePorts(message);
        return false;
      case ERROR:
        throw new Error(`error of type ${message.body.readUInt16BE(0)}, code ${message.body.readUInt16BE(2)}`);
      case BARRIER_REPLY:
        return true;
      default:
        return false;
    }
  }

  #takePorts(message: Message): void {
    const { ports, hasMore } = decodePorts(message);
    this.#ports.push(...ports);
    if (hasMore) return;
    const flooded = this.#ports.filter(({ noFlood }) => !noFlood);
    const changes = flooded.flatMap((port) => [floodChange(CHANGE_XID, port, 'no-flood'), floodChange(CHANGE_XID, port, 'flood')]);
    this.#socket.write(Buffer.concat([...changes, encodeMessage(BARRIER_REQUEST, BARRIER_XID)]));
  }
}
