import type { BridgeNode, NicNode, State, Topology } from './topology.ts';

const ROW = 22;
const GAP = 14;
const PAD = 10;
const LEFT = { x: 20, width: 190 };
const BRIDGE = { x: 260, width: 120 };
const RIGHT = { x: 440, width: 520 };
const WIDTH = 980;
const NICS_A_ROW = 4;
const FILLS = { True: '#e6f4ea', False: '#fce8e6', Unknown: '#fef7e0' };
const STROKES = { True: '#188038', False: '#c5221f', Unknown: '#b06000' };
/** One colour a VLAN; as many as can be told apart. */
const LANES = ['#1a73e8', '#9334e6', '#e8710a', '#12858d', '#b31412', '#5f6368', '#188038', '#a142f4'];

/** A block at the right of a bridge: a port of the host, a portgroup with its NICs, or NICs straight on the bridge. */
interface Block {
  readonly title: string;
  readonly vlan: string;
  readonly lines: readonly string[];
  readonly state: State;
  readonly nics: readonly NicNode[];
}

/** The host as a picture (SVG 1.1): uplinks at the left, bridges, and at the right what hangs on them, a colour a VLAN. */
export function svgOf(topology: Topology): string {
  const lanes = new Map<string, string>();
  const laneOf = (vlan: string): string => {
    const colour = lanes.get(vlan) ?? LANES[lanes.size % LANES.length] ?? '#000';
    lanes.set(vlan, colour);
    return colour;
  };
  let y = 60;
  const parts: string[] = [];
  for (const bridge of topology.bridges) {
    const drawn = drawBridge(bridge, y, laneOf);
    parts.push(drawn.svg);
    y = drawn.bottom + GAP * 2;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + 10}" viewBox="0 0 ${WIDTH} ${y + 10}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    text(20, 32, `Host ${topology.host}`, { size: 18, weight: 'bold' }),
    text(20, 50, topology.versions, { fill: '#5f6368' }),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function drawBridge(bridge: BridgeNode, top: number, laneOf: (vlan: string) => string): { readonly svg: string; readonly bottom: number } {
  const parts: string[] = [];
  let y = top;
  for (const block of blocksOf(bridge)) {
    const height = blockHeight(block);
    const middle = y + height / 2;
    parts.push(line(BRIDGE.x + BRIDGE.width, middle, RIGHT.x, middle, laneOf(block.vlan)));
    parts.push(drawBlock(block, y, height, laneOf(block.vlan)));
    y += height + GAP;
  }
  const uplinkBottom = top + bridge.uplinks.length * (ROW * 2 + GAP);
  const bottom = Math.max(y - GAP, uplinkBottom, top + ROW * 3);
  bridge.uplinks.forEach((uplink, index) => {
    const at = top + index * (ROW * 2 + GAP);
    const state: State = { ready: uplink.link === 'down' ? 'False' : 'True', reason: '', drifted: false };
    parts.push(line(LEFT.x + LEFT.width, at + ROW, BRIDGE.x, at + ROW, '#3c4043'));
    parts.push(box(LEFT.x, at, LEFT.width, ROW * 2, state));
    parts.push(text(LEFT.x + PAD, at + 17, `${uplink.name}${uplink.members.length === 0 ? '' : ` = ${uplink.members.join(' + ')}`}`, { weight: 'bold' }));
    parts.push(text(LEFT.x + PAD, at + 35, `${uplink.vlan}${uplink.link === '' ? '' : `, link ${uplink.link}`}`, { fill: '#5f6368' }));
  });
  parts.push(box(BRIDGE.x, top, BRIDGE.width, bottom - top, bridge.state));
  parts.push(text(BRIDGE.x + PAD, top + 20, bridge.name, { weight: 'bold' }));
  [bridge.datapath, ...bridge.addresses, bridge.network].filter((each) => each !== '').forEach((each, index) => parts.push(text(BRIDGE.x + PAD, top + 38 + index * 16, each, { fill: '#5f6368' })));
  return { svg: parts.join('\n'), bottom };
}

function blocksOf({ ports, portgroups, nics }: BridgeNode): Block[] {
  const straight = [...Map.groupBy(nics, ({ vlan }) => vlan)].map(([vlan, own]): Block => ({ title: 'straight on the bridge', vlan, lines: [], state: worstOf(own), nics: own }));
  return [
    ...ports.map(({ name, vlan, addresses, state }): Block => ({ title: name, vlan, lines: addresses, state, nics: [] })),
    ...portgroups.map(({ name, libvirtName, vlan, isDefault, state, nics: own }): Block => ({ title: `${libvirtName || name}${isDefault ? ' (default)' : ''}`, vlan, lines: [], state, nics: own })),
    ...straight,
  ];
}

function worstOf(nics: readonly NicNode[]): State {
  const good: State = { ready: 'True', reason: '', drifted: false };
  return nics.find(({ state }) => state.ready === 'False')?.state ?? nics.find(({ state }) => state.ready === 'Unknown')?.state ?? good;
}

function blockHeight({ lines, nics }: Block): number {
  return ROW + PAD + lines.length * 16 + Math.ceil(nics.length / NICS_A_ROW) * (ROW + 4);
}

function drawBlock({ title, vlan, lines, state, nics }: Block, y: number, height: number, lane: string): string {
  const nicWidth = (RIGHT.width - PAD * 2 - (NICS_A_ROW - 1) * 6) / NICS_A_ROW;
  const nicTop = y + ROW + 6 + lines.length * 16;
  return [
    box(RIGHT.x, y, RIGHT.width, height, state),
    `<rect x="${RIGHT.x}" y="${y}" width="5" height="${height}" fill="${lane}"/>`,
    text(RIGHT.x + PAD + 4, y + 19, title, { weight: 'bold' }),
    text(RIGHT.x + RIGHT.width - PAD, y + 19, `${vlan}${state.reason === '' ? '' : `, ${state.reason}`}${state.drifted ? ', drifted' : ''}`, { fill: lane, anchor: 'end' }),
    ...lines.map((each, index) => text(RIGHT.x + PAD + 4, y + 37 + index * 16, each, { fill: '#5f6368' })),
    ...nics.map((nic, index) => {
      const x = RIGHT.x + PAD + (index % NICS_A_ROW) * (nicWidth + 6);
      const top = nicTop + Math.floor(index / NICS_A_ROW) * (ROW + 4);
      const whole = [nic.machine, nic.nic, nic.port, nic.vmState, ...nic.addresses].filter((each) => each !== '').join(' ');
      return box(x, top, nicWidth, ROW, nic.state) + text(x + 6, top + 15, shortened(nic.machine, 17), { size: 11, title: whole });
    }),
  ].join('\n');
}

function box(x: number, y: number, width: number, height: number, { ready, drifted }: State): string {
  const dashes = drifted ? ' stroke-dasharray="4 3"' : '';
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="5" fill="${FILLS[ready]}" stroke="${STROKES[ready]}"${dashes}/>`;
}

function line(fromX: number, fromY: number, toX: number, toY: number, colour: string): string {
  return `<line x1="${fromX}" y1="${fromY}" x2="${toX}" y2="${toY}" stroke="${colour}" stroke-width="3"/>`;
}

interface TextStyle {
  readonly size?: number;
  readonly weight?: string;
  readonly fill?: string;
  readonly anchor?: string;
  /** Shown when the pointer rests on it. */
  readonly title?: string;
}

function text(x: number, y: number, content: string, { size, weight, fill = '#202124', anchor, title }: TextStyle = {}): string {
  const attributes = [size === undefined ? '' : ` font-size="${size}"`, weight === undefined ? '' : ` font-weight="${weight}"`, anchor === undefined ? '' : ` text-anchor="${anchor}"`].join('');
  return `<text x="${x}" y="${y}" fill="${fill}"${attributes}>${title === undefined ? '' : `<title>${escaped(title)}</title>`}${escaped(content)}</text>`;
}

function shortened(content: string, length: number): string {
  return content.length <= length ? content : `${content.slice(0, length - 1)}…`;
}

/** The five characters that mean something in XML, and none of those that it may not hold. */
function escaped(content: string): string {
  return content.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
