import { objectsAt, textAt, toJson, type JsonObject } from '../api/json.ts';
import type { Command } from '../command.ts';
import { CommandError, UsageError } from '../errors.ts';
import { yamlText } from '../output/object-text.ts';
import { withProgress } from '../progress.ts';
import type { Session } from '../session.ts';
import { drawTopology } from '../topology/drawing.ts';
import { topologyOf, type Topology } from '../topology/topology.ts';

const KINDS = ['Host', 'Bridge', 'VlanPort', 'Portgroup', 'VirtualMachine'] as const;

export const topology: Command = {
  usage: '',
  description:
    'Draws the host: the ways out, the bridges, the host\'s own ports with their VLANs and addresses, portgroups, ' +
    'and which VMs hang where; with marks for what is not Ready and what was changed behind our back.',
  examples: [
    ['In the terminal', 'bridgectl topology'],
    ['As a picture', 'bridgectl topology -o svg > luna.svg'],
    ['For a program', 'bridgectl topology -o json'],
  ],
  options: {
    host: { type: 'text', value: 'NAME', help: 'the Host to draw, where a server has several' },
    output: { type: 'text', short: 'o', value: 'svg|json|yaml', otherwise: 'a drawing', help: 'a picture, or what hangs where as data' },
  },
  async run(session, positionals) {
    if (positionals.length > 0) throw new UsageError('topology takes no names; choose a host with --host NAME.');
    const output = session.flags.word('output', ['svg', 'json', 'yaml']);
    const found = await withProgress(session, 'reading the resources', readTopology(session));
    if (output === 'svg') {
      const { svgOf } = await import('../topology/svg.ts');
      session.surroundings.stdout.write(svgOf(found));
    } else if (output === 'json') session.surroundings.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    else if (output === 'yaml') session.surroundings.stdout.write(await yamlText({ topology: toJson(found) }));
    else for (const line of drawTopology(found, session.paint, { isUnicode: isUnicode(session) })) session.print(line);
  },
};

async function readTopology(session: Session): Promise<Topology> {
  const kinds = await session.kinds();
  const api = await session.api();
  const lists = await Promise.all(
    KINDS.map(async (kind) => {
      const [type] = await kinds.named(`${kind.toLowerCase()}.bridgekeeper.dev`);
      return type === undefined ? [] : objectsAt(await api.list(type, {}), 'items');
    }),
  );
  const [hosts = [], bridges = [], vlanPorts = [], portgroups = [], virtualMachines = []] = lists;
  const hostName = chosenHost(session, hosts);
  // A resource that names no host is that of a server's only one.
  const isHere = (object: JsonObject): boolean => (textAt(object, 'spec', 'hostName') ?? textAt(object, 'status', 'hostName') ?? hostName) === hostName;
  return topologyOf(
    {
      host: hosts.find((host) => textAt(host, 'metadata', 'name') === hostName),
      bridges: bridges.filter(isHere),
      vlanPorts: vlanPorts.filter(isHere),
      portgroups: portgroups.filter(isHere),
      virtualMachines: virtualMachines.filter(isHere),
    },
    hostName,
  );
}

function chosenHost(session: Session, hosts: readonly JsonObject[]): string {
  const names = hosts.map((host) => textAt(host, 'metadata', 'name') ?? '');
  const wanted = session.flags.text('host');
  if (wanted !== undefined && !names.includes(wanted)) throw new CommandError(`there is no Host ${wanted}. There is: ${names.join(', ') || 'none'}.`);
  const [only, ...others] = names;
  if (wanted === undefined && others.length > 0) throw new UsageError(`which host? Give --host NAME: ${names.join(', ')}.`);
  const name = wanted ?? only;
  if (name === undefined) throw new CommandError('there is no Host yet: does bridgekeeper run, without --api-only?');
  return name;
}

/** What the locale says (POSIX, "Internationalization Variables"). */
function isUnicode(session: Session): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = session.surroundings.environment;
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  return locale === '' || /utf-?8/i.test(locale);
}
