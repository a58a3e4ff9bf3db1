import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { readText } from './file-changes.ts';
import type { NetplanFile } from './netplan-file.ts';
import { isNotThere } from './netplan-folders.ts';

/** What cloud-init does about netplan: `writes` its file anew when it takes the machine for a new one. */
export type CloudInit = 'absent' | 'writes' | 'off';

const FOLDER = 'etc/cloud/cloud.cfg.d';
/** Where cloud-init is told to leave the network alone; `network: {config: disabled}` is its documented word for it. */
export const CLOUD_INIT_SWITCH = `${FOLDER}/99-bridgekeeper-network.cfg`;
export const CLOUD_INIT_OFF = `# Written by Bridgekeeper: it has taken over devices of the file that cloud-init made.
network: {config: disabled}
`;

export async function readCloudInit(root: string): Promise<CloudInit> {
  const names = await namesIn(join(root, FOLDER));
  if (names === undefined) return 'absent';
  if ((await readText(join(root, 'etc/cloud/cloud-init.disabled'))) !== undefined) return 'off';
  const paths = [join(root, 'etc/cloud/cloud.cfg'), ...names.filter((name) => name.endsWith('.cfg')).map((name) => join(root, FOLDER, name))];
  const texts = await Promise.all(paths.map(readText));
  return texts.some((text) => text !== undefined && leavesNetworkAlone(text)) ? 'off' : 'writes';
}

/** cloud-init names its file so, and says in its first lines who wrote it. */
export function isOfCloudInit(file: NetplanFile): boolean {
  const comments = file.text.split('\n', 10).filter((line) => line.startsWith('#'));
  return basename(file.path) === '50-cloud-init.yaml' || comments.some((line) => line.includes('cloud-init'));
}

function leavesNetworkAlone(text: string): boolean {
  const { contents } = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  return isMap(contents) && contents.getIn(['network', 'config']) === 'disabled';
}

async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}
