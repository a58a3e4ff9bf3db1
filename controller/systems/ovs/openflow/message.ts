/** Messages of OpenFlow 1.0 (openflow-spec-v1.0.0, section 5), as far as ports need them. */

export const VERSION = 1;
const HEADER_BYTES = 8;

export const HELLO = 0;
export const ERROR = 1;
export const ECHO_REQUEST = 2;
export const ECHO_REPLY = 3;
const PORT_MOD = 15;
const STATS_REQUEST = 16;
export const STATS_REPLY = 17;
export const BARRIER_REQUEST = 18;
export const BARRIER_REPLY = 19;

/** Open vSwitch answers it in version 1.0 too, where the reply to a features request has no room for all ports. */
const STATS_PORT_DESC = 13;
const STATS_HEADER_BYTES = 4;
const REPLY_MORE = 1;
const PORT_BYTES = 48;
const PORT_CONFIG_AT = 24;
const NO_FLOOD = 1 << 4;

export interface Message {
  readonly version: number;
  readonly type: number;
  readonly xid: number;
  readonly body: Buffer;
}

/** A port as the switch describes it. */
export interface SwitchPort {
  readonly number: number;
  /** Six bytes, which a change of the port must repeat. */
  readonly hardwareAddress: Buffer;
  readonly noFlood: boolean;
}

export function encodeMessage(type: number, xid: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const message = Buffer.alloc(HEADER_BYTES + body.length);
  message.writeUInt8(VERSION, 0);
  message.writeUInt8(type, 1);
  message.writeUInt16BE(message.length, 2);
  message.writeUInt32BE(xid, 4);
  body.copy(message, HEADER_BYTES);
  return message;
}

/** The whole messages at the beginning of what has come, and the rest. Throws for a length that no message has. */
export function decodeMessages(data: Buffer): { readonly messages: readonly Message[]; readonly rest: Buffer } {
  const messages: Message[] = [];
  let at = 0;
  while (data.length - at >= HEADER_BYTES) {
    const length = data.readUInt16BE(at + 2);
    if (length < HEADER_BYTES) throw new Error(`an OpenFlow message can't be ${length} bytes long`);
    if (data.length - at < length) break;
    messages.push({
      version: data.readUInt8(at),
      type: data.readUInt8(at + 1),
      xid: data.readUInt32BE(at + 4),
      body: data.subarray(at + HEADER_BYTES, at + length),
    });
    at += length;
  }
  return { messages, rest: data.subarray(at) };
}

export function portsRequest(xid: number): Buffer {
  const body = Buffer.alloc(STATS_HEADER_BYTES);
  body.writeUInt16BE(STATS_PORT_DESC, 0);
  return encodeMessage(STATS_REQUEST, xid, body);
}

/** Some ports, and whether another message brings more. */
export function decodePorts({ body }: Message): { readonly ports: readonly SwitchPort[]; readonly hasMore: boolean } {
  const ports: SwitchPort[] = [];
  for (let at = STATS_HEADER_BYTES; at + PORT_BYTES <= body.length; at += PORT_BYTES) {
    ports.push({
      number: body.readUInt16BE(at),
      hardwareAddress: body.subarray(at + 2, at + 8),
      noFlood: (body.readUInt32BE(at + PORT_CONFIG_AT) & NO_FLOOD) !== 0,
    });
  }
  return { ports, hasMore: (body.readUInt16BE(2) & REPLY_MORE) !== 0 };
}

/** Takes the port out of what is flooded, or puts it back in. */
export function floodChange(xid: number, { number, hardwareAddress }: SwitchPort, flood: 'flood' | 'no-flood'): Buffer {
  const body = Buffer.alloc(24);
  body.writeUInt16BE(number, 0);
  hardwareAddress.copy(body, 2);
  body.writeUInt32BE(flood === 'flood' ? 0 : NO_FLOOD, 8);
  body.writeUInt32BE(NO_FLOOD, 12);
  return encodeMessage(PORT_MOD, xid, body);
}
