import { describe, expect, test } from 'vitest';
import { ExecFailed } from '../../../../../../controller/systems/exec.ts';
import { refusalOf, StepRefused } from '../../../../../../controller/systems/libvirt/apply/refused.ts';
import { CallTimedOut, ConnectionLost, LibvirtError } from '../../../../../../controller/systems/libvirt/protocol/errors.ts';
import type { LibvirtStep } from '../../../../../../controller/systems/libvirt/step.ts';
import { SystemUnreachable } from '../../../../../../controller/systems/system.ts';

const info = { owner: 'VirtualMachine/vm', object: 'domain vm', differences: [], leftover: false, domain: { name: 'vm', uuid: 'u' } } as const;
const START: LibvirtStep = { ...info, kind: 'domain-start', verb: 'start', needs: [] };
const DESTROY: LibvirtStep = { ...info, kind: 'domain-destroy', verb: 'stop' };
const NIC = { name: 'eth0', mac: '52:54:00:00:00:01', source: { type: 'bridge', bridge: 'br' }, model: 'virtio', linkState: 'up' } as const;
const UPDATE: LibvirtStep = { ...info, kind: 'nic-update', verb: 'update', mac: NIC.mac, nic: NIC, settings: { vlan: undefined, keepsLimits: false } };

const unreachable = (cause: Error): SystemUnreachable => new SystemUnreachable('libvirt', 'LibvirtUnreachable', 'gone', { cause });

describe('what a failed step says', () => {
  test.each([
    ['a configuration that libvirt does not take', START, new LibvirtError(67, 10, 'bad model'), { reason: 'LibvirtRefused', needsPerson: true, message: 'libvirt refused to start domain vm: bad model' }],
    ['a failure that may pass', START, new LibvirtError(1, 10, 'no tap'), { reason: 'LibvirtRefused', needsPerson: false }],
    ['a NIC that can not change while it runs', UPDATE, new LibvirtError(84, 10, 'unable'), { reason: 'RestartRequired', needsPerson: true }],
    ['a domain that libvirtd hangs on', DESTROY, new LibvirtError(68, 10, 'cannot acquire state change lock'), { reason: 'LibvirtStuck', needsPerson: true, message: expect.stringContaining('rm -f /run/libvirt/qemu/vm.xml && systemctl start libvirtd') }],
    ['a call without an answer', START, unreachable(new CallTimedOut('slow')), { reason: 'LibvirtTimedOut', needsPerson: false }],
    ['a program that can not be run', START, new ExecFailed('no qemu-img'), { reason: 'CommandFailed', needsPerson: false }],
    ['a reason of our own', START, new StepRefused('PortgroupNotFound', 'gone', false), { reason: 'PortgroupNotFound', message: 'gone', needsPerson: false }],
  ])('of %s is a refusal of its resource', (_, step, error, expected) => {
    expect(refusalOf(step, error)).toMatchObject({ owner: 'VirtualMachine/vm', ...expected });
  });

  test.each([['a lost connection', unreachable(new ConnectionLost('gone'))], ['a bug', new TypeError('undefined')]])('of %s is no refusal', (_, error) => {
    expect(refusalOf(START, error)).toBeUndefined();
  });
});
