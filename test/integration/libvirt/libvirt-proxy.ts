import { connect, createServer, type Server, type Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageFramer } from '../../../controller/systems/libvirt/protocol/framer.ts';
import { decodePacket, MESSAGE_TYPE, PROGRAM } from '../../../controller/systems/libvirt/protocol/packet.ts';

/** When libvirtd dies: before it sees the call, while it works at it, or when its answer is on the way. */
export const MOMENTS = ['before', 'during', 'after'] as const;
export type Moment = (typeof MOMENTS)[number];

interface Ambush {
  readonly procedure: number;
  readonly moment: Moment;
  readonly strike: () => void;
  readonly sprung: () => void;
  /** Of the call, once it was seen. */
  serial: number | undefined;
}

/** Stands between us and libvirt's socket, and sees every call that goes by. */
export class LibvirtProxy implements AsyncDisposable {
  readonly socketPath: string;
  readonly #target: string;
  readonly #server: Server;
  readonly #folder: string;
  readonly #sockets = new Set<Socket>();
  readonly #calls = new Map<number, number>();
  #ambush: Ambush | undefined;

  private constructor(target: string, folder: string) {
    this.#target = target;
    this.#folder = folder;
    this.socketPath = join(folder, 'libvirt-sock');
    this.#server = createServer((client) => this.#join(client));
  }

  static async before(target: string): Promise<LibvirtProxy> {
    const proxy = new LibvirtProxy(target, await mkdtemp(join(tmpdir(), 'libvirt-proxy-')));
    await new Promise<void>((resolve) => proxy.#server.listen(proxy.socketPath, resolve));
    return proxy;
  }

  /** Calls `strike` at that moment of the next call of the procedure; resolves then. */
  waitFor(procedure: number, moment: Moment, strike: () => void): Promise<void> {
    return new Promise((resolve) => (this.#ambush = { procedure, moment, strike, sprung: resolve, serial: undefined }));
  }

  /** How often the procedure has been called. */
  callsOf(procedure: number): number {
    return this.#calls.get(procedure) ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true });
  }

  #join(client: Socket): void {
    const server = connect(this.#target);
    const [calls, answers] = [new MessageFramer(), new MessageFramer()];
    client.on('data', (chunk: Buffer) => {
      const isMet = calls.push(chunk).filter((message) => this.#meets(message)).length > 0;
      if (isMet && this.#ambush?.moment === 'before') return this.#strike();
      server.write(chunk);
      if (isMet && this.#ambush?.moment === 'during') this.#strike();
    });
    server.on('data', (chunk: Buffer) => {
      if (answers.push(chunk).some((message) => this.#answers(message))) this.#strike();
      else client.write(chunk);
    });
    for (const [mine, other] of [[client, server], [server, client]] as const) {
      this.#sockets.add(mine);
      mine.on('error', () => other.destroy());
      mine.on('close', () => {
        other.destroy();
        this.#sockets.delete(mine);
      });
    }
  }

  /** A call of the procedure that is waited for. */
  #meets(message: Buffer): boolean {
    const { program, procedure, type, serial } = decodePacket(message);
    if (program !== PROGRAM.remote || type !== MESSAGE_TYPE.call) return false;
    this.#calls.set(procedure, this.callsOf(procedure) + 1);
    if (procedure !== this.#ambush?.procedure) return false;
    this.#ambush.serial ??= serial;
    return true;
  }

  #answers(message: Buffer): boolean {
    const { type, serial } = decodePacket(message);
    return this.#ambush?.moment === 'after' && type === MESSAGE_TYPE.reply && serial === this.#ambush.serial;
  }

  #strike(): void {
    const ambush = this.#ambush;
    this.#ambush = undefined;
    ambush?.strike();
    ambush?.sprung();
  }
}
