import type { ChildProcess } from 'node:child_process';
import type { Lab } from '../../lab/lab.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { at, parseObject } from '../daemon.ts';

/** One DriftReport, as far as the test looks at it. */
export interface Report {
  readonly name: string;
  readonly text: string;
  readonly system: string;
  readonly subject: string;
  readonly action: string | undefined;
  readonly commands: readonly string[];
  readonly paths: readonly string[];
}

/** Follows DriftReports as they are written. */
export class Reports {
  readonly #byName = new Map<string, Report>();
  readonly #watch: ChildProcess;
  #rest = '';

  constructor(lab: Lab, argv: readonly [string, ...string[]]) {
    this.#watch = lab.spawn(argv);
    this.#watch.stdout?.on('data', (chunk: Buffer) => this.#receive(chunk.toString()));
  }

  /** All that are whole: those whose status is written. */
  all(): readonly Report[] {
    return [...this.#byName.values()].filter(({ action }) => action !== undefined);
  }

  /** Waits until reports not in `known` satisfy `enough`; answers them as they are at the deadline where they never do. */
  async since(known: ReadonlySet<string>, enough: (reports: readonly Report[]) => boolean, withinMs: number): Promise<readonly Report[]> {
    const fresh = () => this.all().filter(({ name }) => !known.has(name));
    return eventually(() => enough(fresh()) && fresh(), withinMs).catch(fresh);
  }

  stop(): void {
    this.#watch.kill();
  }

  /** Whole objects stand one after the other; each ends with a brace at the start of a line. */
  #receive(text: string): void {
    const parts = (this.#rest + text).split(/(?<=^\}\n)/m);
    this.#rest = parts.at(-1)?.endsWith('}\n') === true ? '' : (parts.pop() ?? '');
    for (const part of parts) this.#take(part);
  }

  #take(text: string): void {
    const report = parseObject(text);
    const listed = at(report, 'spec.cause.commands');
    const action = at(report, 'status.action');
    const differences = at(report, 'spec.differences');
    const name = String(at(report, 'metadata.name'));
    this.#byName.set(name, {
      name,
      text,
      system: String(at(report, 'spec.system')),
      subject: `${String(at(report, 'spec.subject.kind'))}/${String(at(report, 'spec.subject.name'))}`,
      action: typeof action === 'string' ? action : undefined,
      commands: Array.isArray(listed) ? listed.map((each: unknown) => String(at(each, 'command'))) : String(at(report, 'spec.cause.command') ?? '').split('\n'),
      paths: Array.isArray(differences) ? differences.map((each: unknown) => String(at(each, 'path'))) : [],
    });
  }
}
