import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { explainRefusal } from '../api/explain-refusal.ts';
import { isObject, type JsonObject } from '../api/json.ts';
import { fullName, shortName } from '../api/resource-type.ts';
import { StatusError } from '../api/status-error.ts';
import type { Command } from '../command.ts';
import { singleTarget } from '../changes.ts';
import { CommandError } from '../errors.ts';
import { yamlText } from '../output/object-text.ts';
import type { Session } from '../session.ts';
import type { NamedTarget } from '../targets.ts';

const EDITORS = ['editor', 'nano', 'vi'];

export const edit: Command = {
  usage: 'KIND/NAME',
  description:
    'Opens a resource in your editor ($VISUAL, $EDITOR), and writes back what you changed. What the server ' +
    'refuses, or somebody else changed meanwhile, is not lost: the file stays where it is, and you are told why.',
  examples: [
    ['Change a port', 'bridgectl edit vlanport/vnet100'],
    ['With another editor', 'EDITOR="code --wait" bridgectl edit bridge lunabr'],
  ],
  isWriting: true,
  options: {},
  async run(session, positionals) {
    const target = await singleTarget(session, positionals, 'edit');
    const object = await (await session.api()).get(target.type, target.namespace, target.name);
    const before = headOf(target) + (await yamlText(editable(object)));
    const folder = mkdtempSync(path.join(tmpdir(), 'bridgectl-edit-'));
    const file = path.join(folder, `${target.type.singular}-${target.name}.yaml`);
    writeFileSync(file, before, { mode: 0o600 });
    await openEditor(session, file);
    const after = readFileSync(file, 'utf8');
    const name = fullName(target.type, target.name);
    if (after === before || withoutComments(after) === '') session.print(`${name} unchanged`);
    else {
      await write(session, target, after, file);
      session.print(`${name} edited`);
    }
    rmSync(folder, { recursive: true });
  },
};

function headOf(target: NamedTarget): string {
  return `# ${shortName(target.type, target.name)}: save and close to apply; leave it as it is, or empty, to change nothing.\n`;
}

/** With its resourceVersion, so that nobody else's change is overwritten. */
function editable(object: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = object;
  const { managedFields: _managed, uid: _uid, generation: _generation, creationTimestamp: _created, ...shown } = isObject(metadata) ? metadata : {};
  const { apiVersion, kind, ...body } = rest;
  return { apiVersion, kind, metadata: shown, ...body };
}

async function openEditor(session: Session, file: string): Promise<void> {
  const { environment, runProgram } = session.surroundings;
  const named = environment['VISUAL'] || environment['EDITOR'];
  for (const editor of named === undefined || named === '' ? EDITORS : [named]) {
    const [program = '', ...args] = editor.split(' ').filter((word) => word !== '');
    const code = await runProgram(program, [...args, file]);
    if (code === 0) return;
    if (code !== undefined) throw new CommandError(`${program} ended with ${code}; nothing was changed. The file is ${file}`);
  }
  throw new CommandError(`there is no editor${named === undefined ? '' : ` ${named}`}. Set $EDITOR to one that is there.`);
}

async function write(session: Session, { type, namespace, name }: NamedTarget, text: string, file: string): Promise<void> {
  const { parseManifests } = await import('../manifests/parse.ts');
  const [manifest, ...others] = parseManifests(text, file);
  if (manifest === undefined || others.length > 0) throw new CommandError(`${file}: must hold one object.`);
  if ('problem' in manifest) throw new CommandError([manifest.problem, `What you wrote is kept in ${file}`]);
  try {
    await (await session.api()).replace(type, namespace, name, manifest.document.object, { fieldManager: 'bridgectl', dryRun: false });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const isOutdated = error.code === 409;
    const lines = isOutdated ? [`somebody changed ${shortName(type, name)} meanwhile.`] : explainRefusal(error, (field) => `${file}:${manifest.document.lineOf(field)}`);
    const way = isOutdated ? 'take resourceVersion out of it, look at bridgectl diff -f, and apply it' : 'mend it, then: bridgectl apply -f';
    throw new CommandError([...lines, `What you wrote is kept in ${file}; ${way} ${isOutdated ? '' : file}`.trimEnd()], { cause: error });
  }
}

function withoutComments(text: string): string {
  return text.replace(/^\s*#.*$/gm, '').trim();
}
