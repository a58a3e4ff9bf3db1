import { apiVersionOf, type ResourceType } from '../api/resource-type.ts';
import type { Command } from '../command.ts';
import { TablePrinter } from '../output/table.ts';

export const apiResources: Command = {
  usage: '',
  description: 'Lists the kinds that the server has, and the names that they answer to.',
  examples: [['Only their names, to use in a script', 'bridgectl api-resources -o name']],
  options: {
    output: { type: 'text', short: 'o', value: 'wide|name', help: 'wide: what can be done with them; name: their names only' },
    'no-headers': { type: 'switch', help: 'no line of heads' },
    'api-group': { type: 'text', value: 'GROUP', help: 'only those of this group' },
  },
  async run(session) {
    const output = session.flags.word('output', ['wide', 'name']);
    const group = session.flags.text('api-group');
    const types = (await session.kinds()).all.filter((type) => group === undefined || type.group === group);
    if (output === 'name') {
      for (const type of types) session.print(type.group === '' ? type.plural : `${type.plural}.${type.group}`);
      return;
    }
    const isWide = output === 'wide';
    const heads = ['Name', 'Shortnames', 'ApiVersion', 'Namespaced', 'Kind', ...(isWide ? ['Verbs', 'Categories'] : [])];
    const rows = types.map((type) => [...cells(type), ...(isWide ? [type.verbs.join(','), type.categories.join(',')] : [])]);
    new TablePrinter(session.surroundings.stdout, session.paint).print(session.flags.on('no-headers') ? undefined : heads, rows);
  },
};

function cells(type: ResourceType): string[] {
  return [type.plural, type.shortNames.join(','), apiVersionOf(type), type.namespaced ? 'yes' : 'no', type.kind];
}
