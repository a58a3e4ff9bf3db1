/** `test/lab/vm`: see README.md beside this file. */
import { Machine, machineNames } from './machine.ts';
import { openRequest } from './far-switch-client.ts';
import { parseRequest } from './far-switch-request.ts';
import { runHere } from './ssh.ts';

const USAGE = `usage: vm up NAME                        start a machine, with the built product on it
       vm exec NAME -- COMMAND...        run a command in it
       vm switch NAME ping ADDRESS       ping it from behind the far switch until Ctrl-C, and count
       vm switch NAME port NATIVE [VLAN...]   set the switch port: VLAN of untagged frames, VLANs that pass tagged
       vm switch NAME watch              print the frames that it sends
       vm restore NAME                   put it back to where \`up\` left it
       vm reset NAME                     cut its power, and wait until it has booted again
       vm down NAME                      stop it and remove all of it
       vm list                           names and states`;

class Misuse extends Error {}

async function main([action, name, ...rest]: readonly string[]): Promise<number> {
  if (action === 'list') {
    for (const each of machineNames()) console.log(`${each}\t${new Machine(each).isUp ? 'up' : 'dead'}`);
    return 0;
  }
  if (action === undefined || action === 'help' || action === '--help') {
    console.log(USAGE);
    return action === undefined ? 2 : 0;
  }
  if (name === undefined || !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) throw new Misuse(`${action} of which machine?`);
  const machine = new Machine(name);
  switch (action) {
    case 'up':
      return machine.up().then(() => 0);
    case 'restore':
      return machine.restore().then(() => 0);
    case 'reset':
      return machine.powerCycle().then(() => 0);
    case 'down':
      return machine.down().then(() => 0);
    case 'exec': {
      const [program, ...args] = rest[0] === '--' ? rest.slice(1) : rest;
      if (program === undefined) throw new Misuse('exec needs a command');
      return runHere(machine.ssh([program, ...args]));
    }
    case 'switch':
      return useSwitch(machine, rest);
    default:
      throw new Misuse(`unknown command '${action}'`);
  }
}

/** What the far switch answers goes to the output as it is: JSON lines. */
async function useSwitch(machine: Machine, words: readonly string[]): Promise<number> {
  const connection = openRequest(machine.switchControl, switchRequest(words));
  connection.pipe(process.stdout);
  process.once('SIGINT', () => connection.end());
  await new Promise((resolve) => connection.once('close', resolve));
  return 0;
}

function switchRequest([command, ...args]: readonly string[]): Exclude<ReturnType<typeof parseRequest>, string> {
  const [first = ''] = args;
  const requests: Readonly<Record<string, unknown>> = {
    ping: { command, from: '192.168.105.10', address: first, intervalMs: 100 },
    port: { command, native: Number(first), tagged: args.slice(1).map(Number) },
    watch: { command },
  };
  const request = parseRequest(JSON.stringify(requests[command ?? ''] ?? {}));
  if (typeof request === 'string') throw new Misuse(`unknown switch command '${command ?? ''}'`);
  return request;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`vm: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof Misuse) console.error(USAGE);
  process.exitCode = error instanceof Misuse ? 2 : 1;
}
