import { describe, expect, it } from 'vitest';
import { chooseProbes, type ProbeChoice } from '../../../../controller/safety/probes/choose-probes.ts';
import type { NetplanDevice } from '../../../../controller/systems/netplan/desired.ts';
import { planNetplan } from '../../../../controller/systems/netplan/plan.ts';
import type { WayIn } from '../../../../controller/safety/way-in.ts';
import { observedSwitch } from '../systems/ovs/switch-fixture.ts';
import { desire, device } from '../systems/netplan/netplan-desired.ts';
import { link, observed, route } from '../systems/netplan/netplan-observed.ts';

const GATEWAY = '192.168.105.1';
const waysIn: readonly WayIn[] = [
  { kind: 'SshSession', device: 'eth0', address: '192.168.105.253', peer: '10.0.0.5' },
  { kind: 'SshSession', device: 'eth0', address: '192.168.105.253', peer: '10.0.0.5' },
  { kind: 'DefaultRoute', device: 'eth0', peer: GATEWAY },
];
const host = observed({ links: [link('eth0', ['192.168.105.253/24'])], routes: [route('eth0', '0.0.0.0/0', GATEWAY)] });

function chosen(more: Partial<ProbeChoice>, devices: readonly NetplanDevice[] = []): string[] {
  const { steps } = planNetplan(desire(devices), host);
  const choice = { asked: undefined, waysIn, steps, kernel: host.kernel, rows: undefined, neighbours: new Map(), ...more };
  return chooseProbes(choice).map((probe) => ('address' in probe ? `${probe.kind} ${probe.address}` : probe.kind));
}

describe('the probes', () => {
  it('are the default gateways and the far ends of sessions, each once, where the Host names none', () => {
    expect(chosen({})).toEqual([`neighbour ${GATEWAY}`, `ping ${GATEWAY}`, 'ping 10.0.0.5']);
  });

  it('are those that the Host names', () => {
    const asked = [{ ping: { address: '10.1.1.1' } }, { tcp: { address: 'mgmt', port: 443 } }, { http: { url: 'http://mgmt/' } }];
    expect(chosen({ asked })).toEqual(['ping 10.1.1.1', 'tcp mgmt', 'http']);
    expect(chosen({ asked: [{ gateway: {} }] })).toEqual([`neighbour ${GATEWAY}`, `ping ${GATEWAY}`]);
  });

  it('ask no gateway that the change replaces, but one that only moves to another device', () => {
    const eth0 = device('Bridge/br', 'eth0', { adoption: 'Always', noLinkLocal: true });
    const port = (via: string) => device('VlanPort/p', 'p', { addresses: ['192.168.105.253/24'], routes: [{ to: 'default', via }] });
    expect(chosen({ asked: [{ gateway: {} }] }, [eth0, port('192.168.105.2')])).toEqual([]);
    expect(chosen({ asked: [{ gateway: {} }] }, [eth0, port(GATEWAY)])).toHaveLength(2);
  });

  it('ask on a gateway whose route only goes, unless another one is in use', () => {
    const eth0 = device('Bridge/br', 'eth0', { adoption: 'Always', noLinkLocal: true });
    const asked = [{ gateway: {} }];
    expect(chosen({ asked }, [eth0])).toEqual([`neighbour ${GATEWAY}`, `ping ${GATEWAY}`]);
    const other: WayIn = { kind: 'DefaultRoute', device: 'eth1', peer: '10.9.0.1' };
    expect(chosen({ asked, waysIn: [...waysIn, other] }, [eth0])).toEqual(['neighbour 10.9.0.1']);
  });

  it('ask nobody who is a VM of this host', () => {
    const guest = { name: 'vnet3', ids: { 'attached-mac': '52:54:00:00:00:03' } };
    const { rows } = observedSwitch([{ name: 'br', withPorts: [{ name: 'vnet3', ifaces: [guest] }] }]);
    expect(chosen({ rows, neighbours: new Map([[GATEWAY, '52:54:00:00:00:03']]) })).toEqual(['ping 10.0.0.5']);
  });
});
