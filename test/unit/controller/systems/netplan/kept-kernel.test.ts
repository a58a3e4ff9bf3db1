import { expect, test } from 'vitest';
import { keepKernel, restoreKernel } from '../../../../../controller/systems/netplan/checkpoint/kept-kernel.ts';
import type { KernelLink, KernelState } from '../../../../../controller/systems/netplan/observed.ts';
import { FakeClock } from '../../../../fixtures/fake-clock.ts';
import { link } from './netplan-observed.ts';

const kernelOf = (...links: readonly KernelLink[]): KernelState => ({ links: new Map(links.map((each) => [each.name, each])), routes: new Map(), rules: [] });

test('a NIC that was renamed since gets its name back, is up, and has its address', async () => {
  const clock = new FakeClock();
  const kept = keepKernel(kernelOf(link('eno1', ['10.0.0.5/24'], { index: 4 })));
  let nic = link('wan0', [], { index: 4 });
  const done: string[] = [];
  const exec = {
    run: (argv: readonly string[]) => {
      const command = argv.join(' ');
      done.push(command);
      if (command === 'ip link set dev wan0 down') nic = { ...nic, up: false };
      else if (command === 'ip link set dev wan0 name eno1') nic = { ...nic, name: 'eno1' };
      else if (command === 'ip link set dev eno1 up') nic = { ...nic, up: true };
      else if (command.startsWith('ip address replace 10.0.0.5/24 ')) nic = { ...nic, addresses: link('', ['10.0.0.5/24']).addresses };
      return Promise.resolve({ code: 0, stdout: '', stderr: '' });
    },
  };
  const restored = restoreKernel({ kept, devices: new Set(['eno1', 'wan0']), readKernel: () => Promise.resolve(kernelOf(nic)), exec, clock });
  const ticking = setInterval(() => clock.advance(200), 1);
  expect(await restored).toEqual([]);
  clearInterval(ticking);
  expect(nic).toMatchObject({ name: 'eno1', up: true, addresses: [{ address: '10.0.0.5' }] });
  expect(done).toHaveLength(4);
});
