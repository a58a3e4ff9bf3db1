import { isObject, type JsonObject } from '../api/json.ts';
import type { Command } from '../command.ts';
import { rehearse, type Rehearsed } from '../dry-apply.ts';
import { AlreadyReported, FoundDifferences, UsageError } from '../errors.ts';
import { readManifests } from '../manifests/read.ts';
import { yamlText } from '../output/object-text.ts';
import { harmless, type Paint } from '../output/paint.ts';
import { lineDiff } from '../output/text-diff.ts';
import type { Session } from '../session.ts';
import { FILE_OPTIONS } from '../targets.ts';

/** How many equal lines are shown around a change. */
const AROUND = 3;

export const diff: Command = {
  usage: '-f FILE...',
  description:
    'Shows what applying manifests would change of the server\'s resources; bridgectl plan shows what it would ' +
    'change on the host.\n' +
    'Exit codes: 0 no differences, 1 differences, 2 it could not be told.',
  examples: [
    ['What a changed manifest changes', 'bridgectl diff -f portgroups.yaml'],
    ['In a script', 'bridgectl diff -f . > /dev/null || bridgectl apply -f .'],
  ],
  failureCode: 2,
  options: { ...FILE_OPTIONS, 'force-conflicts': { type: 'switch', help: 'as if fields that others have set were taken over' } },
  async run(session, positionals) {
    const names = session.flags.all('filename');
    if (names.length === 0) throw new UsageError(`which manifests? bridgectl diff -f ${positionals[0] ?? 'FILE'}`);
    const manifests = await readManifests({ names, isRecursive: session.flags.on('recursive'), readStdin: () => session.surroundings.readStdin() });
    const { rehearsed, hasFailed } = await rehearse(session, manifests);
    let differs = false;
    for (const each of rehearsed) differs = (await printDifference(session, each)) || differs;
    if (hasFailed) throw new AlreadyReported();
    if (differs) throw new FoundDifferences();
  },
};

async function printDifference(session: Session, { document, before, after }: Rehearsed): Promise<boolean> {
  const [left, right] = [before === undefined ? '' : await yamlText(written(before)), await yamlText(written(after))];
  if (left === right) return false;
  session.print(session.paint.head(`${document.kind}/${document.name} (${document.file}:${document.line})${before === undefined ? ' is new' : ''}`));
  for (const line of nearChanges(lineDiff(left, right))) session.print(paintDiffLine(session.paint, harmless(line)));
  session.print('');
  return true;
}

/** What people write of an object; the server's own bookkeeping is no difference. */
export function written(object: JsonObject): JsonObject {
  const { status: _status, ...rest } = object;
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const { name, namespace, labels, annotations } = metadata;
  return {
    ...rest,
    metadata: { ...(name !== undefined && { name }), ...(namespace !== undefined && { namespace }), ...(labels !== undefined && { labels }), ...(annotations !== undefined && { annotations }) },
  };
}

export function paintDiffLine(paint: Paint, line: string): string {
  if (line.startsWith('+')) return paint.good(line);
  return line.startsWith('-') ? paint.bad(line) : line;
}

/** Only the changed lines and some around them; a gap is shown as dots. */
function nearChanges(lines: readonly string[]): string[] {
  const isNear = lines.map((_, index) => lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some((line) => !line.startsWith(' ')));
  return lines.flatMap((line, index) => {
    if (isNear[index]) return [line];
    return isNear[index - 1] === true ? ['  ...'] : [];
  });
}
