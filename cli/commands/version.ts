import packageJson from '../../package.json' with { type: 'json' };
import { textAt } from '../api/json.ts';
import type { Command } from '../command.ts';

export const version: Command = {
  usage: '',
  description: 'Shows the version of bridgectl and of the server.',
  examples: [['Without asking the server', 'bridgectl version --client']],
  options: { client: { type: 'switch', help: 'only that of bridgectl; asks no server' } },
  async run(session) {
    session.print(`Client: v${packageJson.version}`);
    if (session.flags.on('client')) return;
    const server = await (await session.api()).read('/version');
    session.print(`Server: ${textAt(server, 'gitVersion') ?? 'unknown'}`);
  },
};
