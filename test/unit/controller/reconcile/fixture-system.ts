import type { Ownership, OwnerKey } from '../../../../controller/systems/owner.ts';
import { SystemUnreachable, type Cause, type Finding, type MissedChange, type Plan, type Refusal, type StepInfo, type StepOutcome, type System } from '../../../../controller/systems/system.ts';

export interface FixtureDesired {
  readonly values: readonly { readonly owner: OwnerKey; readonly name: string; readonly value: string; readonly startBlockedBy?: string }[];
  readonly ownership: Ownership;
}

export interface FixtureStep extends StepInfo {
  readonly name: string;
  readonly value: string | undefined;
}

/** A system that holds named values: enough to show every behaviour of a lane. */
export class FixtureSystem implements System<FixtureDesired, ReadonlyMap<string, string>, FixtureStep> {
  readonly name = 'ovs';
  readonly values = new Map<string, string>();
  /** Values of others beside ours. */
  readonly foreign = new Set<string>();
  readonly leftovers = new Set<string>();
  /** What came and went unseen. */
  readonly missedChanges: MissedChange[] = [];
  readonly applied: FixtureStep[][] = [];
  /** What apply refuses, by name. */
  readonly refuse = new Map<string, Omit<Refusal, 'owner'>>();
  /** Names whose writing has no effect. */
  readonly deaf = new Set<string>();
  whileApplying: () => void = () => undefined;
  unreachable = false;
  observations = 0;
  #listener: () => void = () => undefined;

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  observe(): Promise<ReadonlyMap<string, string>> {
    this.observations += 1;
    if (this.unreachable) return Promise.reject(new SystemUnreachable('ovs', 'OvsdbUnreachable', 'nobody answers at unix:/nowhere'));
    return Promise.resolve(new Map(this.values));
  }

  plan(desired: FixtureDesired, observed: ReadonlyMap<string, string>): Plan<FixtureStep> {
    const steps = desired.values.flatMap(({ owner, name, value }): FixtureStep[] => {
      const found = observed.get(name);
      if (found === value) return [];
      return [{ owner, verb: found === undefined ? 'create' : 'update', object: name, leftover: false, name, value, differences: [{ path: name, expected: value, found: found ?? '' }] }];
    });
    const leftovers = [...this.leftovers].map(
      (name): FixtureStep => ({ owner: `Gone/${name}`, verb: 'delete', object: name, leftover: true, name, value: undefined, differences: [{ path: name, expected: '', found: 'there' }] }),
    );
    const findings = [...this.foreign].map((name): Finding => ({ owner: 'Thing/a', object: name, difference: { path: name, expected: '', found: 'there' } }));
    return { steps: [...steps, ...leftovers], findings, refusals: [] };
  }

  apply(steps: readonly FixtureStep[]): Promise<readonly StepOutcome<FixtureStep>[]> {
    this.applied.push([...steps]);
    this.whileApplying();
    this.whileApplying = () => undefined;
    return Promise.resolve(steps.map((step) => this.#do(step)));
  }

  changes(listener: () => void): () => void {
    this.#listener = listener;
    return () => undefined;
  }

  causeOf(subject: FixtureStep | Finding): Promise<Cause> {
    return Promise.resolve({ commands: [{ command: `somebody changed ${subject.object}`, process: 'bash' }], user: 'Unknown', source: 'fixture' });
  }

  missed(_desired: FixtureDesired, _observed: ReadonlyMap<string, string>, owners: (owner: OwnerKey) => boolean): Promise<readonly MissedChange[]> {
    return Promise.resolve(this.missedChanges.splice(0).filter(({ finding }) => owners(finding.owner)));
  }

  /** Somebody changes the host by hand. */
  change(name: string, value: string): void {
    this.values.set(name, value);
    this.#listener();
  }

  hint(): void {
    this.#listener();
  }

  #do(step: FixtureStep): StepOutcome<FixtureStep> {
    const refusal = this.refuse.get(step.name);
    if (refusal) return { step, result: 'failed', refusal: { owner: step.owner, ...refusal } };
    if (step.value === undefined) this.leftovers.delete(step.name);
    else if (!this.deaf.has(step.name)) this.values.set(step.name, step.value);
    return { step, result: 'applied' };
  }
}

export function ownership(...present: OwnerKey[]): Ownership {
  return { present: new Set(present), leaving: new Set(), released: new Set(), frozen: new Set() };
}
