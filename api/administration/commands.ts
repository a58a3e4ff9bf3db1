import { parseArgs } from 'node:util';
import { runCertificate, runToken } from './access-commands.ts';
import { backUp } from './backup.ts';
import { DATA_DIR, parsed, type Command, type CommandContext } from './command.ts';
import { addEncryptionKey } from './encryption-keys.ts';
import { CommandUsageError } from './refusal.ts';
import { restore } from './restore.ts';

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['backup', runBackup],
  ['restore', runRestore],
  ['encryption-key', runEncryptionKey],
  ['token', runToken],
  ['certificate', runCertificate],
]);

export const ADMINISTRATION_USAGE = `
Administration; each takes --data-dir DIR (default /var/lib/bridgekeeper):

  bridgekeeper backup FILE      copy all state into a new file, also while it serves; the file holds keys, so guard it
  bridgekeeper restore FILE     put a backup in the place of the state; stop it first
  bridgekeeper token create --user NAME --role admin|edit|view|controller [--kubeconfig FILE]
  bridgekeeper token list
  bridgekeeper token delete --user NAME | --id ID
  bridgekeeper certificate create --user NAME --role ROLE --kubeconfig FILE [--days N]
  bridgekeeper certificate list
  bridgekeeper certificate revoke --user NAME | --id ID | --serial NUMBER
  bridgekeeper encryption-key add   encrypt Secrets with a new key from the next start on
`;

/** Runs `bridgekeeper <command> …` where it is one of these; answers whether it was. Throws `CommandUsageError` and `Refusal`. */
export async function runCommand(name: string, args: readonly string[], context: CommandContext): Promise<boolean> {
  const command = COMMANDS.get(name);
  await command?.(args, context);
  return command !== undefined;
}

async function runBackup(args: readonly string[], { clock, productVersion, print }: CommandContext): Promise<void> {
  const { dataDirectory, file } = fileArguments('backup', args);
  const bytes = await backUp({ dataDirectory, file, productVersion, nowMs: clock.now() });
  print(`${file}: ${Math.ceil(bytes / 1024)} KiB, with the keys and tokens of this server; keep it where only you can read it\n`);
}

async function runRestore(args: readonly string[], { clock, print }: CommandContext): Promise<void> {
  const { dataDirectory, file } = fileArguments('restore', args);
  const { objects, before } = await restore({ dataDirectory, file, nowMs: clock.now() });
  print(`${objects} objects restored to ${dataDirectory}${before === undefined ? '' : `; what was there before is in ${before}`}\n`);
}

async function runEncryptionKey(args: readonly string[], { clock, print }: CommandContext): Promise<void> {
  const { values, positionals } = parsed(() => parseArgs({ args: [...args], options: DATA_DIR, allowPositionals: true }));
  if (positionals.join(' ') !== 'add') throw new CommandUsageError('encryption-key takes: add');
  const [newest] = await addEncryptionKey(values['data-dir'], clock.now());
  print(`key ${newest?.id} added; restart bridgekeeper, and every Secret is encrypted with it\n`);
}

function fileArguments(command: string, args: readonly string[]): { readonly dataDirectory: string; readonly file: string } {
  const { values, positionals } = parsed(() => parseArgs({ args: [...args], options: DATA_DIR, allowPositionals: true }));
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new CommandUsageError(`${command} takes one FILE`);
  return { dataDirectory: values['data-dir'], file };
}
