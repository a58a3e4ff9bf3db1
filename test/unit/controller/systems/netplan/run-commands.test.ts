import { expect, it } from 'vitest';
import type { Exec } from '../../../../../controller/systems/exec.ts';
import type { Argv } from '../../../../../controller/systems/netplan/kernel-commands.ts';
import { runCommands } from '../../../../../controller/systems/netplan/run-commands.ts';

function recorder(result: { readonly code: number; readonly stderr: string }): { readonly exec: Exec; readonly ran: string[] } {
  const ran: string[] = [];
  const exec: Exec = {
    async run(argv, { input }) {
      ran.push([argv.join(' '), ...(input ?? '').trimEnd().split('\n')].join('|'));
      return { ...result, stdout: '' };
    },
  };
  return { exec, ran };
}

const UP: Argv = ['ip', 'link', 'set', 'dev', 'vnet100', 'up'];
const ADDRESS: Argv = ['ip', 'address', 'replace', '192.0.2.1/24', 'broadcast', '+', 'dev', 'vnet100'];
const ROUTE: Argv = ['ip', '-4', 'route', 'add', '0.0.0.0/0', 'via', '192.0.2.254', 'dev', 'vnet100'];

it('runs neighbours with the same options in one process, and keeps the order', async () => {
  const { exec, ran } = recorder({ code: 0, stderr: '' });
  expect(await runCommands([UP, ADDRESS, ROUTE, UP], exec)).toBeUndefined();
  expect(ran).toEqual([
    'ip -force -batch -|link set dev vnet100 up|address replace 192.0.2.1/24 broadcast + dev vnet100',
    'ip -4 route add 0.0.0.0/0 via 192.0.2.254 dev vnet100|',
    'ip link set dev vnet100 up|',
  ]);
});

it('names the first command that failed, in the words of ip', async () => {
  const stderr = 'RTNETLINK answers: File exists\nCommand failed -:2\nRTNETLINK answers: No such process\nCommand failed -:3\n';
  const { exec } = recorder({ code: 1, stderr });
  expect(await runCommands([UP, ADDRESS, UP], exec)).toBe(`${ADDRESS.join(' ')}: RTNETLINK answers: File exists`);
});

it('runs alone what would mean something else in a line: a blank, a quote or a number sign', async () => {
  const { exec, ran } = recorder({ code: 0, stderr: '' });
  await runCommands([UP, ['ip', 'link', 'set', 'dev', 'a#b', 'up'], UP], exec);
  expect(ran).toHaveLength(3);
});
