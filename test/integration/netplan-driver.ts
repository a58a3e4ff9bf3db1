/**
 * Runs the netplan system inside a lab host, as the daemon does: `lab exec HOST -- node netplan-driver.ts converge < desired.json`.
 *
 * converge  observes, plans, applies until the plan is empty or a second round, and prints what each round did
 * plan      observes and plans
 * follow    prints a line for each hint, until it is killed
 *
 * KILL_AT=before:COMMAND or after:COMMAND in the environment kills it with -9 beside a command that begins so, KILL_AT=file:PATH once a
 * file whose path ends so is written.
 */
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { text } from 'node:stream/consumers';
import { systemClock } from '../../api/machinery/clock.ts';
import { ipSessions } from '../../controller/systems/netplan/ip-sessions.ts';
import { createNetplan } from '../../controller/systems/netplan/netplan.ts';
import { systemExec } from '../../controller/systems/exec.ts';
import type { Exec } from '../../controller/systems/exec.ts';
import { parseDesired } from '../unit/controller/systems/netplan/netplan-desired.ts';

const commands: string[] = [];
const recordingExec: Exec = {
  async run(argv, options) {
    const command = argv.join(' ');
    if (!(argv[0] === 'ip' && argv.includes('show'))) commands.push(command);
    dieAt(`before:${command}`);
    const result = await systemExec.run(argv, options);
    dieAt(`after:${command}`);
    return result;
  },
};
function dieAt(moment: string): void {
  const killAt = process.env['KILL_AT'];
  if (killAt !== undefined && moment.startsWith(killAt)) process.kill(process.pid, 'SIGKILL');
}

const rename = files.rename.bind(files);
files.rename = async (from, to) => {
  await rename(from, to);
  const killAt = process.env['KILL_AT'];
  if (killAt?.startsWith('file:') === true && String(to).endsWith(killAt.slice('file:'.length))) process.kill(process.pid, 'SIGKILL');
};
syncBuiltinESMExports();

const exec = ipSessions(recordingExec, systemClock);
const netplan = createNetplan({ root: '/', stateDirectory: '/var/lib/bridgekeeper/netplan', exec, clock: systemClock });

async function round(json: string, isApplied: boolean): Promise<unknown> {
  const desired = parseDesired(json);
  const observed = await netplan.observe();
  const plan = netplan.plan(desired, observed);
  const outcomes = isApplied && plan.steps.length > 0 ? await netplan.apply(plan.steps) : [];
  return {
    plan,
    refusals: outcomes.flatMap((outcome) => (outcome.result === 'failed' ? [outcome.refusal] : [])),
    applied: outcomes.filter(({ result }) => result === 'applied').length,
    facts: { netplanVersion: observed.netplanVersion, links: Object.fromEntries(observed.links) },
  };
}

const [action] = process.argv.slice(2);
if (action === 'follow') {
  netplan.changes(() => console.log('hint'));
  await netplan.start();
  console.log('following');
  setInterval(() => {}, 1_000);
} else {
  const json = await text(process.stdin);
  const rounds = [await round(json, action === 'converge')];
  if (action === 'converge') rounds.push(await round(json, false));
  exec.end();
  console.log(JSON.stringify({ rounds, commands }));
}
