import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../fixtures/eventually.ts';
import type { Lab } from '../lab/lab.ts';
import { at, parseObject } from './daemon.ts';

export interface Received {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly body: unknown;
}

/** A receiver of alerts on a lab host, and what it got. */
export class Sink {
  readonly received: Received[] = [];
  readonly #lab: Lab;
  readonly #process: ChildProcess;
  #isListening = false;

  private constructor(lab: Lab, port: number) {
    this.#lab = lab;
    this.#process = lab.spawn([process.execPath, path.join(import.meta.dirname, 'alert-sink.ts'), String(port)]);
    const { stdout } = this.#process;
    if (!stdout) throw new Error('the sink has no output');
    createInterface(stdout).on('line', (line) => (line === 'listening' ? (this.#isListening = true) : this.received.push(receivedOf(line))));
  }

  static async start(lab: Lab, port: number): Promise<Sink> {
    const sink = new Sink(lab, port);
    await eventually(() => sink.#isListening, 10_000);
    return sink;
  }

  /** What came to this path and was taken. */
  taken(url: string): readonly Received[] {
    return this.received.filter((each) => each.url === url && each.status === 200);
  }

  /** Ends it; from then on nobody answers at its port. */
  async stop(): Promise<void> {
    this.#process.kill('SIGKILL');
    await eventually(async () => (await this.#lab.exec(['pgrep', '-f', 'alert-sink.ts'])).code !== 0, 10_000);
  }
}

function receivedOf(line: string): Received {
  const { url, status, headers, body } = parseObject(line);
  const text = String(body);
  return { url: String(url), status: Number(status), headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])), text, body: jsonOf(text) };
}

function jsonOf(text: string): unknown {
  return /^[[{]/.test(text) ? JSON.parse(text) : undefined;
}

/** The alerts of a message of type webhook. */
export function alertsOf(message: Received): readonly unknown[] {
  const alerts = at(message.body, 'alerts');
  return Array.isArray(alerts) ? alerts : [];
}
