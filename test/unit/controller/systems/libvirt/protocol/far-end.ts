import { Duplex } from 'node:stream';
import { MessageFramer } from '../../../../../../controller/systems/libvirt/protocol/framer.ts';
import { decodePacket, encodePacket, KEEPALIVE, MESSAGE_TYPE, PROGRAM } from '../../../../../../controller/systems/libvirt/protocol/packet.ts';
import type { Packet } from '../../../../../../controller/systems/libvirt/protocol/packet.ts';
import { XdrWriter } from '../../../../../../controller/systems/libvirt/protocol/xdr.ts';

/** The far end of a connection, in the hands of the test. */
export class FarEnd {
  readonly stream: Duplex;
  readonly received: Packet[] = [];
  readonly #framer = new MessageFramer();

  constructor() {
    this.stream = new Duplex({
      read: () => undefined,
      write: (bytes: Buffer, _, done) => {
        for (const message of this.#framer.push(bytes)) this.received.push(decodePacket(message));
        done();
      },
    });
  }

  calls(): Packet[] {
    return this.received.filter(({ program }) => program === PROGRAM.remote);
  }

  keepalives(procedure: number): number {
    return this.received.filter((packet) => packet.program === PROGRAM.keepalive && packet.procedure === procedure).length;
  }

  reply(serial: number, payload: XdrWriter): void {
    this.send({ program: PROGRAM.remote, procedure: 1, type: MESSAGE_TYPE.reply, serial, status: 0 }, payload.bytes());
  }

  fail(serial: number, code: number, message: string): void {
    const error = new XdrWriter().int(code).int(19).optional(message, (writer, text) => writer.string(text)).int(2);
    this.send({ program: PROGRAM.remote, procedure: 1, type: MESSAGE_TYPE.reply, serial, status: 1 }, error.bytes());
  }

  message(procedure: number, payload: XdrWriter): void {
    this.send({ program: PROGRAM.remote, procedure, type: MESSAGE_TYPE.message, serial: 0, status: 0 }, payload.bytes());
  }

  ping(): void {
    this.send({ program: PROGRAM.keepalive, procedure: KEEPALIVE.ping, type: MESSAGE_TYPE.message, serial: 0, status: 0 }, Buffer.alloc(0));
  }

  send(header: Parameters<typeof encodePacket>[0], payload: Buffer): void {
    this.stream.push(encodePacket(header, payload));
  }
}
