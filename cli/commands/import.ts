import { isObject, objectsAt, textAt, type JsonObject } from '../api/json.ts';
import type { Command } from '../command.ts';
import { AlreadyReported, CommandError, UsageError } from '../errors.ts';
import { askHost, QUERY_OPTIONS, type HostAnswer } from '../host-query.ts';
import { harmless } from '../output/paint.ts';
import { jsonText, listObject, yamlText } from '../output/object-text.ts';
import { indented } from '../output/wrap.ts';

export const importCommand: Command = {
  usage: '[--kind KIND...] [--name NAME...]',
  description:
    'Prints the manifests that describe the host as it is: Open vSwitch, netplan and the kernel, libvirt. Nothing ' +
    'is changed. Comments say what had to be chosen, what applying a manifest would still change, and, at the end, ' +
    'what no manifest can say. Applying the rest takes things over as they are: only a mark is written.\n' +
    'Of VMs that Bridgekeeper did not make, only the NICs are taken over (managementPolicy: InterfacesOnly).',
  examples: [
    ['Take a host over', 'bridgectl import > luna.yaml && bridgectl plan -f luna.yaml'],
    ['Only its portgroups', 'bridgectl import --kind portgroup'],
    ['One thing, by its name on the host', "bridgectl import --name 'Vlan 100'"],
  ],
  options: {
    kind: { type: 'text', value: 'KIND', help: 'only this kind; may be repeated' },
    name: { type: 'text', value: 'NAME', help: 'only what has this name, as a resource or on the host; may be repeated' },
    output: { type: 'text', short: 'o', value: 'yaml|json', otherwise: 'yaml', help: 'json goes without comments: they are printed as notes' },
    ...QUERY_OPTIONS,
  },
  async run(session, positionals) {
    if (positionals.length > 0) throw new UsageError(`"${positionals.join(' ')}" belongs to no option. Give --kind or --name.`);
    const output = session.flags.word('output', ['yaml', 'json']) ?? 'yaml';
    const kinds = await Promise.all(session.flags.all('kind').map(async (word) => desiredKind((await (await session.kinds()).named(word))[0]?.kind, word)));
    const names = [...session.flags.all('name')];
    const question = { type: 'Import', ...(kinds.length > 0 && { kinds }), ...(names.length > 0 && { names }) };
    const answer = await askHost(session, question, 'reading the host');
    const { status, incomplete } = answer;
    const objects = objectsAt(status, 'objects');
    if (objects.length === 0 && names.length > 0) throw new CommandError(`the host has nothing named ${names.join(' or ')} that a manifest could say.`);
    if (output === 'yaml') session.surroundings.stdout.write(await importText(answer, new Date(session.surroundings.clock.now())));
    else {
      session.surroundings.stdout.write(jsonText(listObject(objects.map(inReadingOrder))));
      for (const remark of objectsAt(status, 'remarks')) session.note(remarkText(remark));
    }
    if (incomplete !== undefined) {
      session.error(incomplete);
      throw new AlreadyReported();
    }
  },
};

const KINDS = ['Host', 'Bridge', 'VlanPort', 'Portgroup', 'VirtualMachine'];

function desiredKind(kind: string | undefined, word: string): string {
  if (kind !== undefined && KINDS.includes(kind)) return kind;
  throw new UsageError(`--kind ${word}: must be one of ${KINDS.map((each) => each.toLowerCase()).join(', ')}.`);
}

async function importText({ hostName, status }: HostAnswer, now: Date): Promise<string> {
  const remarks = objectsAt(status, 'remarks');
  const documents = await Promise.all(
    objectsAt(status, 'objects').map(async (object) => {
      const key = `${textAt(object, 'kind') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`;
      const own = remarks.filter((remark) => textAt(remark, 'owner') === key);
      const comments = own.flatMap((remark) => commented('# ', remarkText(remark)));
      return comments.map((line) => `${line}\n`).join('') + (await yamlText(inReadingOrder(object)));
    }),
  );
  const rest = remarks.filter((remark) => textAt(remark, 'owner') === undefined);
  const head = `# Host ${hostName} as it was at ${now.toISOString().slice(0, 19)}Z, read by bridgectl import.\n`;
  const tail = rest.length === 0 ? '' : `---\n# What no manifest says:\n${rest.flatMap((remark) => commented('# - ', harmless(textAt(remark, 'message') ?? ''))).join('\n')}\n`;
  return head + documents.join('---\n') + tail;
}

function commented(start: string, text: string): string[] {
  return indented(start, text).map((line, index) => (index === 0 ? line : `#${line.slice(1)}`));
}

const TITLES: Readonly<Record<string, string>> = { Chosen: 'Chosen', Differs: 'Differs', NotImported: 'Not imported' };

function remarkText(remark: JsonObject): string {
  return `${TITLES[textAt(remark, 'type') ?? ''] ?? 'Note'}: ${harmless(textAt(remark, 'message') ?? '')}`;
}

/** What is said first of a thing; other fields follow as they come. */
const FIRST_FIELDS = ['apiVersion', 'kind', 'metadata', 'spec', 'name', 'hostName', 'deviceName', 'domainName', 'managementPolicy', 'bridgeName', 'libvirtName', 'portgroupName', 'datapathType', 'uplinks', 'default', 'vlan', 'mode', 'tag', 'addresses', 'to', 'via'];

function inReadingOrder(object: JsonObject): JsonObject {
  const place = (field: string): number => (FIRST_FIELDS.includes(field) ? FIRST_FIELDS.indexOf(field) : FIRST_FIELDS.length);
  const entries = Object.entries(object).toSorted(([a], [b]) => place(a) - place(b));
  return Object.fromEntries(entries.map(([field, value]) => [field, Array.isArray(value) ? value.map((item) => (isObject(item) ? inReadingOrder(item) : item)) : isObject(value) ? inReadingOrder(value) : value]));
}
