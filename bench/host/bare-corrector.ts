// bare-corrector SOCKET: writes the tag of a port back whenever it becomes another than it was at first. Nothing can be quicker.
import { Ovsdb } from './ovsdb.ts';

const [, , socket = ''] = process.argv;
const tags = new Map<string, unknown>();
const client = await Ovsdb.connect(socket);
await client.monitor({ Port: ['tag'] }, ({ Port = {} }) => {
  for (const [uuid, { initial, modify }] of Object.entries(Port)) {
    const tag = tagOf(modify);
    if (initial !== undefined) tags.set(uuid, tagOf(initial));
    else if (tags.has(uuid) && tag !== undefined && tag !== tags.get(uuid)) correct(uuid);
  }
});
process.stdout.write('ready\n');

function correct(uuid: string): void {
  void client.transact({ op: 'update', table: 'Port', where: [['_uuid', '==', ['uuid', uuid]]], row: { tag: tags.get(uuid) } });
}

function tagOf(row: unknown): unknown {
  return typeof row === 'object' && row !== null && 'tag' in row ? row.tag : undefined;
}
