import { harmless, type Paint } from '../output/paint.ts';
import { PAGE_WIDTH, wrap } from '../output/wrap.ts';
import type { BridgeNode, NicNode, PortgroupNode, PortNode, State, Topology, UplinkNode } from './topology.ts';

/** A line of the drawing, and what hangs under it. */
interface Branch {
  readonly text: string;
  readonly state?: State;
  readonly under: readonly Branch[];
}

/** More NICs than this on one portgroup are named side by side. */
const MOST_LINES = 6;
const SHAPES = { tee: '├─ ', end: '└─ ', pass: '│  ', gap: '   ', good: '●', bad: '✗', open: '○', drift: '≠' };
const PLAIN_SHAPES: typeof SHAPES = { tee: '|- ', end: '`- ', pass: '|  ', gap: '   ', good: 'o', bad: 'x', open: '?', drift: '!=' };

/** The host as a tree for a terminal: what leads out, what the host itself has, and which VMs hang where. */
export function drawTopology(topology: Topology, paint: Paint, { isUnicode }: { readonly isUnicode: boolean }): string[] {
  const shapes = isUnicode ? SHAPES : PLAIN_SHAPES;
  const roots = [...topology.bridges.map(bridgeBranch), ...apartBranch(topology)];
  const lines = roots.flatMap((branch, index) => [...(index === 0 ? [] : ['']), ...draw(branch, '', '', { paint, shapes })]);
  const head = `Host ${harmless(topology.host)}${topology.versions === '' ? '' : ` (${harmless(topology.versions)})`}`;
  const legend = `${shapes.good} Ready  ${shapes.bad} not Ready  ${shapes.open} not known yet  ${shapes.drift} drifted`;
  return [paint.head(head), '', ...(lines.length === 0 ? ['There is no Bridge.'] : lines), '', paint.faint(legend)];
}

function draw(branch: Branch, start: string, rest: string, style: { readonly paint: Paint; readonly shapes: typeof SHAPES }): string[] {
  const { paint, shapes } = style;
  const mark = branch.state === undefined ? '' : `${stateMark(branch.state, style)} `;
  const width = PAGE_WIDTH - start.length - (branch.state === undefined ? 0 : 2);
  const wrapped = wrap(harmless(branch.text), Math.max(width, 20));
  const trouble = branch.state !== undefined && branch.state.ready === 'False' ? ` ${paint.bad(branch.state.reason)}` : '';
  const below = branch.under.length > 0 ? shapes.pass : shapes.gap;
  const last = wrapped.length - 1;
  const text = wrapped.map((line, index) => (index === 0 ? start + mark : rest + below) + line + (index === last ? trouble : ''));
  return [
    ...text,
    ...branch.under.flatMap((child, index) => {
      const isLast = index === branch.under.length - 1;
      return draw(child, rest + (isLast ? shapes.end : shapes.tee), rest + (isLast ? shapes.gap : shapes.pass), style);
    }),
  ];
}

function stateMark({ ready, drifted }: State, { paint, shapes }: { readonly paint: Paint; readonly shapes: typeof SHAPES }): string {
  const mark = ready === 'True' ? paint.good(shapes.good) : ready === 'False' ? paint.bad(shapes.bad) : paint.doubtful(shapes.open);
  return drifted ? mark + paint.doubtful(shapes.drift) : mark;
}

function bridgeBranch(bridge: BridgeNode): Branch {
  const { name, datapath, addresses, state, uplinks, ports, network, portgroups, nics, foreignPorts } = bridge;
  return {
    text: ['Bridge', name, ...(datapath === '' ? [] : [`(${datapath})`]), ...addresses].join(' '),
    state,
    under: [
      ...group('uplinks', uplinks.map(uplinkBranch)),
      ...group('the host itself', columns(ports.map(portCells)).map((text, index) => leaf(text, ports[index]?.state))),
      ...(network === '' ? [] : [{ text: `libvirt network ${network}`, under: portgroups.map(portgroupBranch) }]),
      ...group('VMs straight on the bridge', nicBranches(nics, true)),
      ...group('ports of others', foreignPorts.map(({ name: port, vlan }) => leaf(`${port}  ${vlan}`))),
    ],
  };
}

function group(text: string, under: readonly Branch[]): Branch[] {
  return under.length === 0 ? [] : [{ text, under }];
}

function leaf(text: string, state?: State): Branch {
  return { text, under: [], ...(state === undefined ? {} : { state }) };
}

function uplinkBranch({ name, members, vlan, link }: UplinkNode): Branch {
  const bond = members.length === 0 ? '' : ` (bond of ${members.join(', ')})`;
  return leaf(`${name}${bond}  ${vlan}${link === '' ? '' : `  link ${link}`}`);
}

function portCells({ name, vlan, addresses, link }: PortNode): string[] {
  return [name, vlan, addresses.join(', ') || 'no address', link === 'down' ? 'link down' : ''];
}

function portgroupBranch({ name, libvirtName, vlan, isDefault, state, nics }: PortgroupNode): Branch {
  const title = `${name}${libvirtName === '' ? '' : ` "${libvirtName}"`}  ${vlan}${isDefault ? '  default' : ''}${nics.length === 0 ? '' : `  ${nics.length} ${nics.length === 1 ? 'NIC' : 'NICs'}`}`;
  return { text: title, state, under: nicBranches(nics, false) };
}

/** Few NICs have a line each; of many only the names, and a line for each that is not as it should be. */
function nicBranches(nics: readonly NicNode[], withVlan: boolean): Branch[] {
  if (nics.length <= MOST_LINES) return columns(nics.map((nic) => nicCells(nic, withVlan))).map((text, index) => leaf(text, nics[index]?.state));
  const troubled = nics.filter(({ state }) => state.ready !== 'True' || state.drifted);
  const well = nics.filter((nic) => !troubled.includes(nic));
  return [
    ...columns(troubled.map((nic) => nicCells(nic, withVlan))).map((text, index) => leaf(text, troubled[index]?.state)),
    ...(well.length === 0 ? [] : [leaf(`${well.length} well: ${well.map(({ machine }) => machine).join(' ')}`)]),
  ];
}

function nicCells({ machine, nic, port, vlan, addresses, vmState }: NicNode, withVlan: boolean): string[] {
  return [nic === '' ? machine : `${machine}/${nic}`, port || '-', ...(withVlan ? [vlan] : []), vmState, addresses.join(', ')];
}

/** Cells under each other. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((known, row) => row.map((cell, index) => Math.max(known[index] ?? 0, cell.length)), []);
  return rows.map((row) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ').trimEnd());
}

function apartBranch({ machinesApart }: Topology): Branch[] {
  if (machinesApart.length === 0) return [];
  return [{ text: 'VMs without a NIC on a Bridge', under: machinesApart.map(({ name, vmState, state }) => leaf(`${name}  ${vmState}`, state)) }];
}
