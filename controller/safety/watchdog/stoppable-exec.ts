import type { Clock } from '../../../api/machinery/clock.ts';
import { ExecFailed, type Exec, type ExecOptions, type ExecResult } from '../../systems/exec.ts';
import { endMarked, MARK_VARIABLE } from './processes.ts';

/** Child processes that a rollback can end: each carries a mark, and while it is halted none is started. */
export class StoppableExec implements Exec {
  readonly mark: string;
  readonly #exec: Exec;
  readonly #clock: Clock;
  #haltedBecause: string | undefined;

  constructor(exec: Exec, clock: Clock, mark: string) {
    this.#exec = exec;
    this.#clock = clock;
    this.mark = mark;
  }

  async run(argv: readonly [string, ...string[]], options: ExecOptions): Promise<ExecResult> {
    if (isReading(argv)) return this.#exec.run(argv, options);
    this.#refuseWhileHalted(argv[0]);
    const result = await this.#exec.run(argv, { ...options, env: { ...options.env, [MARK_VARIABLE]: this.mark } });
    this.#refuseWhileHalted(argv[0]);
    return result;
  }

  /** Ends what runs and lets nothing start until `resume`. */
  async halt(because: string): Promise<void> {
    this.#haltedBecause = because;
    await endMarked(this.mark, this.#clock);
  }

  resume(): void {
    this.#haltedBecause = undefined;
  }

  #refuseWhileHalted(program: string): void {
    if (this.#haltedBecause !== undefined) throw new ExecFailed(`${program} was stopped: ${this.#haltedBecause}`);
  }
}

/** What only looks does not stand in a rollback's way, and is needed to tell of it. */
function isReading([program, ...args]: readonly string[]): boolean {
  return (program === 'ip' && args.includes('-j')) || (program === 'netplan' && args[0] === 'info') || program === 'dpkg-query';
}
