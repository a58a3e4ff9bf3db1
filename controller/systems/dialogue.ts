import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Clock } from '../../api/machinery/clock.ts';
import { ExecFailed } from './exec.ts';

const NEW_LINE = 0x0a;

interface Question {
  readonly resolve: (answer: string) => void;
  readonly reject: (error: ExecFailed) => void;
  readonly cancelTimeout: () => void;
}

/** A program that answers each line with one line, started once and asked again and again. */
export interface Dialogue {
  /** Throws `ExecFailed` when the program can't be started, ends, or does not answer in time; the next line starts it anew. */
  ask(line: string, timeoutMs: number): Promise<string>;
  /** Ends the program if it runs; may be called twice. */
  end(): void;
}

/**
 * Child processes of this machine. To start one stops a large process for as long as copying its page tables takes, 15 ms at
 * 300 MiB: what is asked often is better asked of one that runs already.
 */
export function systemDialogue(argv: readonly [string, ...string[]], clock: Clock): Dialogue {
  let talk: Talk | undefined;
  return {
    ask(line, timeoutMs) {
      if (!talk || talk.isOver) talk = new Talk(argv, clock);
      return talk.ask(line, timeoutMs);
    },
    end: () => talk?.end('was ended'),
  };
}

/** One run of the program. */
class Talk {
  readonly #program: string;
  readonly #clock: Clock;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #questions: Question[] = [];
  #chunks: Buffer[] = [];
  #complaint = '';
  isOver = false;

  constructor([program, ...args]: readonly [string, ...string[]], clock: Clock) {
    this.#program = program;
    this.#clock = clock;
    this.#child = spawn(program, args, { stdio: 'pipe', env: { ...process.env, LC_ALL: 'C' } });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#hear(chunk));
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#complaint += chunk.toString('utf8')));
    this.#child.stdin.on('error', (error) => this.end(`takes no more lines: ${error.message}`));
    this.#child.once('error', (error) => this.end(`could not be run: ${error.message}`));
    this.#child.once('close', (code, signal) => this.end(`ended with ${signal ?? String(code)}: ${this.#complaint.trim()}`));
  }

  ask(line: string, timeoutMs: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.#clock.after(timeoutMs, () => this.end(`did not answer within ${timeoutMs} ms`));
      this.#questions.push({ resolve, reject, cancelTimeout });
      this.#child.stdin.write(`${line}\n`);
    });
  }

  end(why: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#child.kill('SIGKILL');
    for (const { reject, cancelTimeout } of this.#questions.splice(0)) {
      cancelTimeout();
      reject(new ExecFailed(`${this.#program} ${why}`));
    }
  }

  #hear(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(NEW_LINE); end >= 0; end = rest.indexOf(NEW_LINE)) {
      this.#chunks.push(rest.subarray(0, end));
      const answer = Buffer.concat(this.#chunks).toString('utf8');
      this.#chunks = [];
      rest = rest.subarray(end + 1);
      const question = this.#questions.shift();
      question?.cancelTimeout();
      question?.resolve(answer);
    }
    if (rest.length > 0) this.#chunks.push(rest);
  }
}
