import { expect, it } from 'vitest';
import { systemClock } from '../../../../../api/machinery/clock.ts';
import { ExecFailed, type Exec } from '../../../../../controller/systems/exec.ts';
import { ipSessions } from '../../../../../controller/systems/netplan/ip-sessions.ts';

const OPTIONS = { timeoutMs: 1_000 };

function opened(answer: (line: string) => string): { readonly sessions: Exec; readonly said: string[] } {
  const said: string[] = [];
  const exec: Exec = {
    async run(argv) {
      said.push(`run ${argv.join(' ')}`);
      return { code: 0, stdout: 'alone', stderr: '' };
    },
  };
  const sessions = ipSessions(exec, systemClock, (argv) => {
    said.push(`begin ${argv.join(' ')}`);
    return {
      async ask(line) {
        said.push(line);
        return answer(line);
      },
      end: () => said.push(`end ${argv.join(' ')}`),
    };
  });
  return { sessions, said };
}

it('asks one process again and again, one for each set of options', async () => {
  const { sessions, said } = opened((line) => `[${line}]`);
  expect((await sessions.run(['ip', '-N', '-j', '-d', 'address', 'show'], OPTIONS)).stdout).toBe('[address show]');
  await sessions.run(['ip', '-N', '-j', '-d', 'address', 'show'], OPTIONS);
  await sessions.run(['ip', '-N', '-j', '-6', 'rule', 'show'], OPTIONS);
  expect(said).toEqual(['begin ip -N -j -d -batch -', 'address show', 'address show', 'begin ip -N -j -6 -batch -', 'rule show']);
});

it('begins anew when a device has another name, before routes are read: ip would go on with the old one', async () => {
  let name = 'eth0';
  const { sessions, said } = opened((line) => (line.startsWith('address') ? `[{"ifindex":2,"ifname":"${name}"}]` : line));
  const read = (): Promise<unknown> => Promise.all([sessions.run(['ip', '-j', 'address', 'show'], OPTIONS), sessions.run(['ip', '-j', '-4', 'route', 'show'], OPTIONS)]);
  await read();
  await read();
  name = 'lan0';
  await read();
  expect(said.slice(2)).toEqual(['begin ip -j -4 -batch -', 'route show', 'address show', 'route show', 'address show', 'end ip -j -batch -', 'end ip -j -4 -batch -', 'route show']);
});

it('runs alone what changes something, and what a session could not answer', async () => {
  const { sessions, said } = opened(() => {
    throw new ExecFailed('ip ended with 1');
  });
  const change = ['ip', 'address', 'delete', '192.0.2.1/24', 'dev', 'eth0'] as const;
  await sessions.run(change, OPTIONS);
  expect(await sessions.run(['ip', '-j', 'rule', 'show'], OPTIONS)).toEqual({ code: 0, stdout: 'alone', stderr: '' });
  expect(said).toEqual([`run ${change.join(' ')}`, 'begin ip -j -batch -', 'rule show', 'run ip -j rule show']);
});
