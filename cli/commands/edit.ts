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
    'refuses is opened again, with the reason on top. What you give up, or somebody else changed meanwhile, is ' +
    'not lost: the file stays where it is, and you are told why.',
  examples: [
    ['Change a port', 'bridgectl edit vlanport/vnet100'],
    ['With another editor', 'EDITOR="code --wait" bridgectl edit bridge lunabr'],
  ],
  isWriting: true,
  options: {},
  async run(session, positionals) {
    const target = await singleTarget(session, positionals, 'edit');
    const object = await (await session.api()).get(target.type, target.namespace, target.name);
    const folder = mkdtempSync(path.join(tmpdir(), 'bridgectl-edit-'));
    const file = path.join(folder, `${target.type.singular}-${target.name}.yaml`);
    const isChanged = await editUntilTaken(session, target, await yamlText(editable(object)), file);
    session.print(`${fullName(target.type, target.name)} ${isChanged ? 'edited' : 'unchanged'}`);
    rmSync(folder, { recursive: true });
  },
};

/** Opens the editor until the server takes what was written, or nothing more is changed; gives whether anything was. */
async function editUntilTaken(session: Session, target: NamedTarget, text: string, file: string): Promise<boolean> {
  let body = text;
  let complaints: readonly string[] = [];
  for (;;) {
    const shown = headOf(target, complaints, file) + body;
    writeFileSync(file, shown, { mode: 0o600 });
    await openEditor(session, file);
    const written = withoutHead(readFileSync(file, 'utf8'));
    if (written === body || withoutComments(written) === '') {
      if (complaints.length === 0) return false;
      writeFileSync(file, shown);
      throw new CommandError([...complaints, `What you wrote is kept in ${file}; mend it, then: bridgectl apply -f ${file}`]);
    }
    body = written;
    const refusal = await write(session, target, body, file);
    if (refusal === undefined) return true;
    complaints = refusal(headOf(target, refusal(0), file).split('\n').length - 1);
  }
}

/** Why a text is refused, a line each; `above` is how many lines stand above it in the file. */
type Refusal = (above: number) => readonly string[];

function headOf(target: NamedTarget, complaints: readonly string[], file: string): string {
  const name = shortName(target.type, target.name);
  if (complaints.length === 0) return `# ${name}: save and close to apply; leave it as it is, or empty, to change nothing.\n`;
  const lines = complaints.flatMap((complaint) => complaint.replaceAll(`${file}:`, 'line ').split('\n'));
  return [`${name} was refused; mend it, save and close. Leave it as it is, or empty, to give up.`, ...lines].map((line) => `# ${line}\n`).join('');
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

/** Gives why the text is refused; undefined where it was taken. */
async function write(session: Session, { type, namespace, name }: NamedTarget, text: string, file: string): Promise<Refusal | undefined> {
  const { parseManifests } = await import('../manifests/parse.ts');
  const [manifest, ...others] = parseManifests(text, file);
  if (manifest === undefined || others.length > 0) return () => [`${file}: must hold one object.`];
  if ('problem' in manifest) {
    return (above) => parseManifests('\n'.repeat(above) + text, file).flatMap((each) => ('problem' in each ? [each.problem] : []));
  }
  const { document } = manifest;
  try {
    await (await session.api()).replace(type, namespace, name, document.object, { fieldManager: 'bridgectl', dryRun: false });
    return undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (error.code !== 409) return (above) => explainRefusal(error, (field) => `${file}:${document.lineOf(field) + above}`);
    const kept = `What you wrote is kept in ${file}; take resourceVersion out of it, look at bridgectl diff -f, and apply it`;
    throw new CommandError([`somebody changed ${shortName(type, name)} meanwhile.`, kept], { cause: error });
  }
}

function withoutHead(text: string): string {
  return text.replace(/^(?:#.*\n)*/, '');
}

function withoutComments(text: string): string {
  return text.replace(/^\s*#.*$/gm, '').trim();
}
