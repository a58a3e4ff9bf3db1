import { numberAt, objectsAt, textAt, type JsonObject } from '../api/json.ts';
import { humanDuration } from '../arguments/duration.ts';
import { changesOf, noChanges, revisionOf, singleTarget } from '../changes.ts';
import type { Command } from '../command.ts';
import { TablePrinter } from '../output/table.ts';

const HEADS = ['Revision', 'When', 'Reason', 'By', 'What', 'Took', 'Result'];

export const history: Command = {
  usage: 'KIND/NAME',
  description:
    'Shows what was done to the host for a resource, the latest at the end: when, why, who had asked for it, ' +
    'what, and how it ended. Each line is a Change; bridgectl rollback takes its revision.',
  examples: [
    ['What was done for one port', 'bridgectl history vlanport/vnet100'],
    ['One Change in full', 'bridgectl describe change vlanport-vnet100-3'],
  ],
  options: { 'no-headers': { type: 'switch', help: 'no line of heads' } },
  async run(session, positionals) {
    const target = await singleTarget(session, positionals, 'history');
    const changes = await changesOf(session, target);
    if (changes.length === 0) {
      session.note(noChanges(target));
      return;
    }
    const nowMs = session.surroundings.clock.now();
    const heads = session.flags.on('no-headers') ? undefined : HEADS;
    new TablePrinter(session.surroundings.stdout, session.paint).print(heads, changes.map((change) => cells(change, nowMs)));
  },
};

function cells(change: JsonObject, nowMs: number): string[] {
  const startedMs = Date.parse(textAt(change, 'spec', 'startedAt') ?? '');
  return [
    String(revisionOf(change)),
    Number.isNaN(startedMs) ? '-' : humanDuration(nowMs - startedMs),
    textAt(change, 'spec', 'reason') ?? '-',
    textAt(change, 'spec', 'requestedBy', 'user') ?? textAt(change, 'spec', 'requestedBy', 'manager') ?? '-',
    what(change),
    textAt(change, 'status', 'summary', 'took') ?? '-',
    textAt(change, 'status', 'result') ?? '-',
  ];
}

/** `update Port vnet100: Port[vnet100].tag 200 -> 100, and 2 more`. */
function what(change: JsonObject): string {
  const [step] = objectsAt(change, 'spec', 'steps');
  if (step === undefined) return '-';
  const [difference] = objectsAt(step, 'differences');
  const detail = difference === undefined ? '' : `: ${textAt(difference, 'path') ?? ''} ${textAt(difference, 'found') || 'absent'} -> ${textAt(difference, 'expected') || 'absent'}`;
  const count = numberAt(change, 'status', 'summary', 'steps') ?? objectsAt(change, 'spec', 'steps').length;
  const rest = count > 1 ? `, and ${count - 1} more` : '';
  return `${textAt(step, 'verb') ?? ''} ${textAt(step, 'object') ?? ''}${detail}${rest}`;
}
