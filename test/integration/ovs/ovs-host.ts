import { readFileSync } from 'node:fs';

import { systemClock } from '../../../api/machinery/clock.ts';
import { systemExec } from '../../../controller/systems/exec.ts';
import type { OvsDesired } from '../../../controller/systems/ovs/desired.ts';
import type { OvsObserved } from '../../../controller/systems/ovs/observed.ts';
import { createOvs } from '../../../controller/systems/ovs/ovs.ts';
import type { Ovs } from '../../../controller/systems/ovs/ovs.ts';
import type { OvsStep } from '../../../controller/systems/ovs/plan/step.ts';
import type { Plan, StepOutcome } from '../../../controller/systems/system.ts';
import { startLab } from '../../lab/lab.ts';
import type { Lab } from '../../lab/lab.ts';

const DEADLINE_MS = 15_000;

/** A lab host with its Open vSwitch followed from outside. */
export interface OvsHost extends AsyncDisposable {
  readonly lab: Lab;
  readonly ovs: Ovs;
  readonly databaseFile: string;
  plan(desired: OvsDesired): Promise<Plan<OvsStep>>;
  /** Observes, plans and applies once. */
  converge(desired: OvsDesired): Promise<readonly StepOutcome<OvsStep>[]>;
  /** Observes until the condition holds; throws with what was seen last at the deadline. */
  until<T>(what: string, condition: (observed: OvsObserved) => T | undefined | false): Promise<T>;
  /** `ovs-vsctl` in the host. */
  vsctl(...args: readonly string[]): Promise<string>;
  /** The transactions in the database's log. */
  records(): string[];
}

export async function startOvsHost(name: string): Promise<OvsHost> {
  const lab = await startLab(name);
  const root = `/proc/${await pidOf(lab)}/root`;
  const databaseFile = `${root}/var/lib/openvswitch/conf.db`;
  const ovs = createOvs({ address: `unix:${root}/run/openvswitch/db.sock`, databaseFile, systemDatapath: () => false });
  await ovs.start();

  async function plan(desired: OvsDesired): Promise<Plan<OvsStep>> {
    return ovs.plan(desired, await ovs.observe());
  }
  return {
    lab,
    ovs,
    databaseFile,
    plan,
    async converge(desired) {
      const { steps } = await plan(desired);
      return steps.length === 0 ? [] : ovs.apply(steps);
    },
    async until(what, condition) {
      const deadlineMs = Date.now() + DEADLINE_MS;
      let last: unknown;
      while (Date.now() < deadlineMs) {
        try {
          const observed = await ovs.observe();
          const result = condition(observed);
          if (result !== undefined && result !== false) return result;
          last = [...observed.bridges.values()];
        } catch (error) {
          last = error;
        }
        await nextChange(ovs, 50);
      }
      throw new Error(`waited in vain until ${what}; last seen: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
    },
    vsctl: (...args) => lab.run(['ovs-vsctl', ...args]),
    records: () => readFileSync(databaseFile, 'utf8').split('\n').filter((line) => line.startsWith('{')),
    async [Symbol.asyncDispose]() {
      await ovs.stop();
      await lab.down();
    },
  };
}

/** Resolves at the next change, or after `timeoutMs`. */
export function nextChange(ovs: Ovs, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = ovs.changes(done);
    const cancel = systemClock.after(timeoutMs, done);
    function done(): void {
      cancel();
      stop();
      resolve();
    }
  });
}

async function pidOf(lab: Lab): Promise<string> {
  const listed = await systemExec.run(['test/lab/lab', 'list'], { timeoutMs: 10_000 });
  const pid = new RegExp(String.raw`^${lab.name}\s+up\s+pid (\d+)`, 'm').exec(listed.stdout)?.[1];
  if (pid === undefined) throw new Error(`lab list does not show ${lab.name}: ${listed.stdout}`);
  return pid;
}
