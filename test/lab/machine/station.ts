import { ARP, BROADCAST, decodeArp, decodeEcho, encodeArp, encodeEcho, IPV4 } from './frames.ts';
import type { Frame } from './frames.ts';

type Sent = Omit<Frame, 'vlan' | 'source'>;

interface Neighbour {
  mac: string;
  confirmedAt: number;
}

export interface PingCount {
  readonly sent: number;
  readonly lost: number;
  /** The longest time between two answers, or an answer and the end. */
  readonly longestGapMs: number;
}

/**
 * How long Linux goes on sending to a neighbour that no longer answers (arp(7)): base_reachable_time 30 s, from half to one and a
 * half of it at random, then delay_first_probe_time 5 s, then three unicast probes a second apart. Seen on real hosts: 25 s.
 */
const NEIGHBOUR_MS = 25_000;
const ANSWER_MS = 1_000;

/** A machine in one VLAN behind the far switch: it has an address, answers ARP and pings, and can ping. */
export class Station {
  readonly address: string;
  readonly mac: string;
  readonly #send: (frame: Frame) => void;
  readonly #now: () => number;
  readonly #neighbours = new Map<string, Neighbour>();
  #answered = (_sequence: number): void => undefined;

  constructor(options: { address: string; mac: string; send: (frame: Frame) => void; now: () => number }) {
    this.address = options.address;
    this.mac = options.mac;
    this.#send = options.send;
    this.#now = options.now;
  }

  receive(frame: Frame): void {
    if (frame.destination !== BROADCAST && frame.destination !== this.mac) return;
    if (frame.etherType === ARP) this.#receiveArp(frame);
    if (frame.etherType === IPV4) this.#receiveEcho(frame);
  }

  /**
   * Pings an address until `signal` aborts.
   *
   * @param intervalMs between two pings; one without an answer for a second is lost
   */
  async ping(address: string, intervalMs: number, signal: AbortSignal): Promise<PingCount> {
    const sentAt = new Map<number, number>();
    const startedAt = this.#now();
    let sent = 0;
    let lost = 0;
    let lastAnswerAt = startedAt;
    let longestGapMs = 0;
    this.#answered = (sequence) => {
      if (!sentAt.delete(sequence)) return;
      longestGapMs = Math.max(longestGapMs, this.#now() - lastAnswerAt);
      lastAnswerAt = this.#now();
    };
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (signal.aborted) {
          clearInterval(timer);
          resolve();
          return;
        }
        for (const [sequence, at] of sentAt) if (this.#now() - at > ANSWER_MS && sentAt.delete(sequence)) lost += 1;
        sent += 1;
        sentAt.set(sent & 0xffff, this.#now());
        this.#sendEcho(address, sent & 0xffff);
      }, intervalMs);
    });
    // What was sent last may still be answered: it counts as neither.
    return { sent: sent - sentAt.size, lost, longestGapMs: Math.max(longestGapMs, this.#now() - lastAnswerAt) };
  }

  /** The MAC address that this machine would send to for an address. */
  neighbour(address: string): string | undefined {
    return this.#neighbours.get(address)?.mac;
  }

  #receiveArp({ payload }: Frame): void {
    const arp = decodeArp(payload);
    if (!arp) return;
    const { senderAddress, senderMac } = arp;
    const isForUs = arp.targetAddress === this.address;
    // RFC 826: who is known already is updated by whatever it says, a gratuitous ARP too; new ones come by what is said to us.
    if (this.#neighbours.has(senderAddress) || (isForUs && senderAddress !== '0.0.0.0')) this.#confirm(senderAddress, senderMac);
    if (arp.operation !== 'request' || !isForUs) return;
    this.#out({
      destination: senderMac,
      etherType: ARP,
      payload: encodeArp({
        operation: 'reply',
        senderMac: this.mac,
        senderAddress: this.address,
        targetMac: senderMac,
        targetAddress: senderAddress,
      }),
    });
  }

  #receiveEcho({ source, payload }: Frame): void {
    const echo = decodeEcho(payload);
    if (!echo || echo.to !== this.address) return;
    if (echo.kind === 'reply') {
      const known = this.#neighbours.get(echo.from);
      // As TCP does for a real host: an answer shows that the neighbour is reached by the address that is known.
      if (known) known.confirmedAt = this.#now();
      this.#answered(echo.sequence);
    } else {
      const { from, to } = echo;
      this.#out({ destination: source, etherType: IPV4, payload: encodeEcho({ ...echo, kind: 'reply', from: to, to: from }) });
    }
  }

  #confirm(address: string, mac: string): void {
    this.#neighbours.set(address, { mac, confirmedAt: this.#now() });
  }

  #sendEcho(to: string, sequence: number): void {
    const neighbour = this.#neighbours.get(to);
    if (neighbour && this.#now() - neighbour.confirmedAt < NEIGHBOUR_MS) {
      const payload = encodeEcho({ kind: 'request', from: this.address, to, id: 1, sequence, data: Buffer.alloc(32) });
      this.#out({ destination: neighbour.mac, etherType: IPV4, payload });
      return;
    }
    this.#neighbours.delete(to);
    this.#out({
      destination: BROADCAST,
      etherType: ARP,
      payload: encodeArp({
        operation: 'request',
        senderMac: this.mac,
        senderAddress: this.address,
        targetMac: '00:00:00:00:00:00',
        targetAddress: to,
      }),
    });
  }

  #out(frame: Sent): void {
    this.#send({ ...frame, source: this.mac });
  }
}
