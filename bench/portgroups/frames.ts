import type { Lab } from '../../test/lab/lab.ts';
import { BRIDGE, type Guest } from './scene.ts';

const FRAME = new URL('../../test/lab/frame', import.meta.url).pathname;
const ETHER_TYPE = '88b5';
const WATCH_MS = 20_000;

/** The port of each guest, by its MAC address. */
export type PortNames = ReadonlyMap<string, string>;

/** Has each guest's port send a broadcast, by way of Open vSwitch, and gives the VLANs in which they came out at the far end of the uplink. */
export async function vlansOnUplink(lab: Lab, guests: readonly Guest[], ports: PortNames): Promise<ReadonlyMap<string, unknown>> {
  const seen = lab.switch([FRAME, 'watch', '--type', `0x${ETHER_TYPE}`, '--count', String(guests.length), '--timeout-ms', String(WATCH_MS)], { timeoutMs: WATCH_MS * 2 });
  await lab.switch(['sh', '-c', 'until grep -q trunk0 /proc/net/packet 2>/dev/null || [ "$(wc -l < /proc/net/packet)" -gt 1 ]; do sleep 0.05; done']);
  const script = guests.map(({ mac }) => `ovs-ofctl packet-out ${BRIDGE} "in_port=${ports.get(mac) ?? ''},packet=ffffffffffff${mac.replaceAll(':', '')}${ETHER_TYPE}${'00'.repeat(46)},actions=normal"`);
  await lab.run(['sh', '-e'], { input: script.join('\n') });
  const lines = (await seen).stdout.trim().split('\n').map((line): unknown => JSON.parse(line));
  return new Map(lines.flatMap((frame) => (typeof frame === 'object' && frame !== null && 'source' in frame && 'vlan' in frame ? [[String(frame.source), frame.vlan]] : [])));
}
