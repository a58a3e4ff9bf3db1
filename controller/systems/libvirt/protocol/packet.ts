import { LibvirtError, ProtocolViolation } from './errors.ts';
import { XdrReader, XdrWriter } from './xdr.ts';

/** Programs that speak over the socket: REMOTE_PROGRAM in remote_protocol.x, KEEPALIVE_PROGRAM in virkeepaliveprotocol.x. */
export const PROGRAM = { remote: 0x20008086, keepalive: 0x6b656570 } as const;

/** Both programs are at version 1 and have been since they were made. */
const PROGRAM_VERSION = 1;

/** keepalive_procedure in virkeepaliveprotocol.x. */
export const KEEPALIVE = { ping: 1, pong: 2 } as const;

/** virNetMessageType in virnetprotocol.x, as far as we send or take them. */
export const MESSAGE_TYPE = { call: 0, reply: 1, message: 2 } as const;

/** virNetMessageStatus in virnetprotocol.x. */
export const MESSAGE_STATUS = { ok: 0, error: 1 } as const;

/** Length word and virNetMessageHeader. */
const LENGTH_BYTES = 4;
export const HEADER_BYTES = 24;

export interface PacketHeader {
  readonly program: number;
  readonly procedure: number;
  readonly type: number;
  readonly serial: number;
  readonly status: number;
}

export interface Packet extends PacketHeader {
  readonly payload: XdrReader;
}

/** One message as it goes over the socket: length (itself included), header, payload. */
export function encodePacket(header: PacketHeader, payload: Buffer): Buffer {
  const head = new XdrWriter()
    .uint(LENGTH_BYTES + HEADER_BYTES + payload.length)
    .uint(header.program)
    .uint(PROGRAM_VERSION)
    .int(header.procedure)
    .int(header.type)
    .uint(header.serial)
    .int(header.status)
    .bytes();
  return Buffer.concat([head, payload]);
}

/** Reads one message, given without its length word. */
export function decodePacket(message: Buffer): Packet {
  const reader = new XdrReader(message);
  const program = reader.uint();
  const version = reader.uint();
  if (version !== PROGRAM_VERSION) throw new ProtocolViolation(`version ${version} of program 0x${program.toString(16)}`);
  return {
    program,
    procedure: reader.int(),
    type: reader.int(),
    serial: reader.uint(),
    status: reader.int(),
    payload: reader,
  };
}

/** Reads virNetMessageError, the payload of a reply with status error; what follows the message is of no use to us. */
export function decodeError(payload: XdrReader): LibvirtError {
  const code = payload.int();
  const domain = payload.int();
  const message = payload.optional((reader) => reader.string());
  return new LibvirtError(code, domain, message ?? `libvirt error ${code} without a message`);
}
