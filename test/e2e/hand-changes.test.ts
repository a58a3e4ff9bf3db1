// Changes Open vSwitch by hand, at random: HAND_CHANGES=500 HAND_SEED=7 HAND_BURSTS=0.3 vitest run test/e2e/hand-changes.test.ts
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { hostPid } from './host-pid.ts';
import { Daemon, CLIENT } from './daemon.ts';
import { Hands, TOOLS, type Done } from './hand/hands.ts';
import { KINDS, type HandChange } from './hand/kinds.ts';
import { Random } from './hand/random.ts';
import { Reports, type Report } from './hand/reports.ts';
import { EXTRA_NICS, GUEST_MAC, WORLD } from './hand/world.ts';

/** Small and always the same where nobody asks for more. */
const CHANGES = Number(process.env['HAND_CHANGES'] ?? 40);
const SEED = process.env['HAND_SEED'] === 'random' ? Math.floor(Math.random() * 2 ** 32) : Number(process.env['HAND_SEED'] ?? 1);
const BURST_SHARE = Number(process.env['HAND_BURSTS'] ?? 0.3);
const ONLY = process.env['HAND_ONLY'];
const LARGEST_BURST = 5;
const SETTLES_MS = 10_000;

let lab: Lab;
let daemon: Daemon;
let hands: Hands;
let reports: Reports;

beforeAll(async () => {
  lab = await startLab('hand');
  for (const nic of EXTRA_NICS) {
    await lab.run(['ip', 'link', 'add', nic, 'up', 'type', 'veth', 'peer', 'name', `${nic}p`]);
    await lab.run(['ip', 'link', 'set', `${nic}p`, 'up']);
  }
  daemon = await Daemon.start(lab);
  expect((await daemon.apply(WORLD)).stderr).not.toMatch(/error/);
  await daemon.bridgectl('wait', '--for=condition=Ready', '--all', 'bridge,vlanport,portgroup,virtualmachine', '--timeout=90s');
  hands = await Hands.on(lab, `/proc/${await hostPid(lab)}/root/run/openvswitch/db.sock`);
  reports = new Reports(lab, [...CLIENT, 'get', 'driftreports', '-o', 'json', '-w']);
}, 180_000);

afterAll(async () => {
  await lab.down();
});

/** What is made in one go, with nothing waited for between. */
async function drawRound(random: Random, left: number): Promise<HandChange[]> {
  const guestPort = await hands.portOf(GUEST_MAC);
  const size = random.next() < BURST_SHARE ? Math.min(random.integer(2, LARGEST_BURST), left) : 1;
  const kinds = random.shuffled(Object.entries(KINDS)).filter(([kind]) => ONLY === undefined || new RegExp(ONLY).test(kind));
  const changes = kinds.map(([kind, make]) => ({ kind, ...make(random, guestPort) }));
  const [first] = changes;
  if (size === 1 || first === undefined) return first ? [first] : [];
  // A burst does not stand in its own way: what is deleted can't be changed after, nor a mark be taken away twice.
  const able = changes.filter(({ kind }) => !/deleted|renamed|replaced|moved|taken out/.test(kind));
  const marks = able.filter(({ kind }) => /mark|all external_ids/.test(kind));
  return able.filter((change) => !marks.slice(1).includes(change)).slice(0, size);
}

/** What the reports of a round lack, or have too much of. */
function complaints(round: readonly Done[], found: readonly Report[]): string[] {
  const ofOvs = found.filter(({ system }) => system === 'ovs');
  const missing = round.flatMap((done) => done.change.subjects.flatMap((subject) => complaintsOf(done, subject, round, ofOvs)));
  const known = new Set(round.flatMap(({ change }) => change.subjects));
  const surplus = found.filter(({ subject, system, commands }) => system !== 'ovs' || !known.has(subject) || commands.length === 0);
  const extra = ofOvs.flatMap((report) => report.commands.filter((command) => !round.some(({ says }) => command.includes(says))).map((command) => `"${command}" is said to have changed: ${report.text}`));
  return [...missing, ...surplus.map((report) => `a report that nobody caused, or without a command: ${report.text}`), ...extra];
}

function complaintsOf({ change, says }: Done, subject: string, round: readonly Done[], found: readonly Report[]): string[] {
  const naming = found.filter((report) => report.subject === subject && report.commands.some((command) => command.includes(says)));
  const outcome = change.told?.includes(subject) === true ? 'Reported' : change.outcome;
  const wrong = naming.find(({ action }) => action !== outcome && !(round.length > 1 && action !== 'Failed'));
  // Transactions without a comment are told apart by their time.
  const asked = round.filter((other) => other.says === says && other.change.subjects.includes(subject)).length;
  const commands = naming.flatMap((report) => report.commands.filter((command) => command.includes(says)));
  const named = new Set(commands).size;
  const isEachNamedOnce = named === commands.length;
  return [
    ...(named === asked ? [] : [`${change.kind}: ${named} commands like "${says}" are named for ${subject}, not ${asked}`]),
    ...(naming.length <= 1 || isAboutSeveral(naming) || (asked > 1 && isEachNamedOnce) ? [] : [`${change.kind}: ${naming.length} reports about the same of ${subject} name "${says}"`]),
    ...(wrong ? [`${change.kind}: ${subject} is ${String(wrong.action)}, not ${outcome}`] : []),
  ];
}

/** A resource may have several things on the host: an uplink and a mirror of one Bridge are two reports. */
function isAboutSeveral(found: readonly Report[]): boolean {
  return new Set(found.map(({ paths }) => paths.join())).size === found.length;
}

describe(`${CHANGES} changes by hand, seed ${SEED}`, () => {
  it(
    'are each reported once with their command and undone once, and nothing else is reported',
    async () => {
      const random = new Random(SEED);
      const seen = new Set<string>();
      const wrong: string[] = [];
      const desired = await hands.state();
      const kinds = new Set<string>();
      let told = 0;
      for (let made = 0; made < CHANGES; ) {
        const changes = await drawRound(random, CHANGES - made);
        const round: Done[] = [];
        for (const change of changes) round.push(await hands.make(change, random.pick(TOOLS), random));
        made += round.length;
        const about = round.map(({ change, tool }) => `${change.kind} by ${tool}`).join(' + ');
        const found = await reports.since(seen, (now) => complaints(round, now).length === 0, SETTLES_MS);
        for (const problem of complaints(round, found)) wrong.push(`[${made}] ${about}: ${problem}`);
        for (const { name } of found) seen.add(name);
        for (const { change } of round) await hands.undo(change);
        for (const { kind } of changes) kinds.add(kind);
        const restored = await eventually(async () => (await hands.state()) === desired, SETTLES_MS).catch(() => false);
        if (!restored) wrong.push(`[${made}] ${about}: not restored: ${differences(desired, await hands.state())}`);
        if (process.env['HAND_VERBOSE']) console.log([`[${made}] ${about}`, ...wrong.slice(told)].join('\n  WRONG '));
        told = wrong.length;
        if (wrong.length > 20) break;
      }
      for (const { name, text } of reports.all()) if (!seen.has(name)) wrong.push(`a report came late, or nobody caused it: ${text}`);
      console.log(`${CHANGES} changes of ${kinds.size} kinds, seed ${SEED}: ${reports.all().length} reports, ${wrong.length} wrong`);
      expect(wrong).toEqual([]);
    },
    Math.max(120_000, CHANGES * 6_000),
  );
});

describe('a change that is put back at once', () => {
  it('is told all the same, whether anybody looked between or not', async () => {
    const known = new Set(reports.all().map(({ name }) => name));
    const actions = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const says = await hands.thereAndBack('mgmt', [200 + round, 100], round);
      const found = await reports.since(known, (all) => all.length > 0, SETTLES_MS);
      expect(found.map(({ subject, commands }) => [subject, commands.includes(says)])).toEqual([['VlanPort/mgmt', true]]);
      for (const { name, action = '' } of found) {
        known.add(name);
        actions.add(action);
      }
    }
    for (const action of actions) expect(['Superseded', 'Corrected']).toContain(action);
    console.log(`there and back: ${[...actions].join(', ')}`);
  });
});

function differences(expected: string, found: string): string {
  const [before, after] = [new Set(expected.split('\n')), new Set(found.split('\n'))];
  return [...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`), ...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`)].join('; ');
}
