import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { systemClock } from '../../../api/machinery/clock.ts';
import type { Clock } from '../../../api/machinery/clock.ts';
import type { GuestNic } from '../guest-nic.ts';
import { SystemUnreachable } from '../system.ts';
import type { System } from '../system.ts';
import { applySteps } from './apply/apply.ts';
import type { OvsDesired } from './desired.ts';
import { Guests } from './guests.ts';
import { OvsdbLink } from './link.ts';
import type { LinkStats } from './link.ts';
import { CauseFinder } from './log/cause-finder.ts';
import { missedChanges } from './log/missed.ts';
import { SILENT } from './logger.ts';
import type { Logger } from './logger.ts';
import { observedOf } from './observe.ts';
import type { OvsObserved } from './observed.ts';
import { restoreFlooding as restoreFloodingAt } from './openflow/restore-flooding.ts';
import { OvsPlanner } from './plan/planner.ts';
import type { OvsStep } from './plan/step.ts';
import { withoutPaths } from './plan/without.ts';
import { wantedOf } from './plan/wanted.ts';
import { DEFAULT_ADDRESS, parseOvsdbAddress } from './protocol/address.ts';
import { OvsdbUnreachable, RequestRefused } from './protocol/errors.ts';

export interface OvsOptions {
  /** `unix:PATH` or `tcp:HOST:PORT`; the socket that Open vSwitch makes by default. */
  readonly address?: string;
  /** The database file that the server writes, for finding causes; where it usually is when the server is local. */
  readonly databaseFile?: string;
  readonly clock?: Clock;
  readonly log?: Logger;
  /** Whether the kernel's datapath can be used; default: whether its module is loaded. */
  readonly systemDatapath?: () => boolean;
  /** Whether the host has a network device of that name; default: whether the kernel shows it. */
  readonly hasDevice?: (name: string) => boolean;
  /** For the jitter of the back-off; in [0, 1). */
  readonly random?: () => number;
}

export interface Ovs extends System<OvsDesired, OvsObserved, OvsStep> {
  /** Takes what the hypervisor says of the NICs of guests that run, each time that it changes. */
  guestsAre(nics: readonly GuestNic[]): void;
  /** Why nothing may be changed on this host: another controller keeps it. Undefined where nothing is known of one. */
  heldByAnother(): Promise<string | undefined>;
  /** For metrics. */
  stats(): LinkStats;
}

const KERNEL_MODULE = '/sys/module/openvswitch';
const KERNEL_DEVICES = '/sys/class/net/';

/** Open vSwitch, by way of its database. Throws a `RangeError` for an address that is none. */
export function createOvs(options: OvsOptions = {}): Ovs {
  const { address: addressText = DEFAULT_ADDRESS, clock = systemClock, log = SILENT, random = Math.random } = options;
  const { systemDatapath = () => existsSync(KERNEL_MODULE) } = options;
  const { hasDevice = (name: string) => existsSync(`${KERNEL_DEVICES}${name}`) } = options;
  const address = parseOvsdbAddress(addressText);
  const planner = new OvsPlanner();
  const guests = new Guests(hasDevice);
  const listeners = new Set<() => void>();
  const changed = (): void => listeners.forEach((listener) => listener());
  const causes = new CauseFinder({ address, databaseFile: options.databaseFile, clock, log });
  const link = new OvsdbLink({
    address,
    clock,
    random,
    log,
    onChange: changed,
    onUpdate: () => causes.follow(),
  });

  /** Only a switch of this host can be told. */
  async function restoreFlooding(bridgeName: string): Promise<void> {
    try {
      if (address.type !== 'unix') throw new Error(`${addressText} is no socket of this host`);
      await restoreFloodingAt(join(dirname(address.path), `${bridgeName}.mgmt`), clock);
    } catch (error) {
      log.warn({ bridge: bridgeName, error }, 'broadcasts may not reach every port after the spanning tree was turned off');
    }
  }

  function unreachable(error: unknown): unknown {
    if (!(error instanceof OvsdbUnreachable) && !(error instanceof RequestRefused)) return error;
    const message = `Open vSwitch's database at ${addressText} can't be reached: ${error.message}`;
    return new SystemUnreachable('ovs', 'OvsdbUnreachable', message, { cause: error });
  }

  return {
    name: 'ovs',
    async start() {
      causes.start();
      link.start();
    },
    async stop() {
      await link.stop();
      causes.stop();
    },
    async observe() {
      await link.tried;
      try {
        const rows = link.rows();
        return observedOf({
          rows,
          guests: guests.observe(rows),
          schemaVersion: link.schemaVersion,
          systemDatapath: systemDatapath(),
          vswitchdResponds: link.vswitchdResponds(),
        });
      } catch (error) {
        throw unreachable(error);
      }
    },
    plan: (desired, observed) => planner.plan(desired, observed),
    async apply(steps, committed = () => undefined) {
      try {
        const rootUuid = link.rows().root.uuid;
        return await link.givingUp(
          steps.flatMap((step) => step.givesUp),
          () =>
            applySteps(steps, {
              transact: (operations) => link.transact(operations),
              rootUuid,
              seen: (nextCfg) => link.seen(nextCfg),
              configured: (nextCfg) => {
                committed();
                return link.configured(nextCfg);
              },
              hasFailed: (names) => names.some((name) => Boolean(link.rows().named('Interface', name)?.error)),
              restoreFlooding,
            }),
        );
      } catch (error) {
        throw unreachable(error);
      }
    },
    changes(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    without: withoutPaths,
    causeOf: (subject) => causes.find(subject),
    async missed(desired, observed, owners) {
      const changes = causes.untold();
      if (changes.length === 0) return [];
      try {
        await link.synchronize();
        // What came meanwhile is for the next plan to tell.
        if (!observed.rows.isSameAs(link.rows())) return [];
      } catch (error) {
        throw unreachable(error);
      }
      causes.settle(changes);
      return missedChanges(changes, { rows: observed.rows, wanted: wantedOf(desired), owners });
    },
    guestsAre(nics) {
      if (guests.take(nics)) changed();
    },
    async heldByAnother() {
      await link.tried;
      return link.isHeldByAnother ? hostTakenMessage(addressText) : undefined;
    },
    stats: () => link.stats,
  };
}

/** What a second controller of the same host says. */
function hostTakenMessage(address: string): string {
  return `another Bridgekeeper keeps this host: it holds the lock "bridgekeeper" of Open vSwitch at ${address}; stop one of the two`;
}
