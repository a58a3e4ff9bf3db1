import { pino } from 'pino';
import { expect, it } from 'vitest';
import { journalLine } from '../../../controller/log.ts';

/** What the journal is given of a line of the log. */
function lineOf(write: (log: pino.Logger) => void): string {
  let text = '';
  write(pino({ level: 'trace', base: undefined, timestamp: false }, { write: (line) => void (text += journalLine(line)) }));
  return text;
}

it.each<[string, (log: pino.Logger) => void, string]>([
  ['the message first', (log) => log.info({ system: 'ovs', tookMs: 12 }, 'applied a plan'), '<6>applied a plan system=ovs tookMs=12\n'],
  ['fields of a child', (log) => log.child({ system: 'libvirt' }).warn('lost the connection'), '<4>lost the connection system=libvirt\n'],
  ['what is ambiguous in quotes', (log) => log.info({ message: 'it is "so"', audit: true, empty: '' }, 'x'), '<6>x message="it is \\"so\\"" audit=true empty=""\n'],
  ['objects as JSON', (log) => log.info({ steps: [{ owner: 'Bridge/lunabr' }] }, 'x'), '<6>x steps=[{"owner":"Bridge/lunabr"}]\n'],
  ['one line, whatever stands in it', (log) => log.info({ reason: 'a\nb' }, 'x'), '<6>x reason="a\\nb"\n'],
  ['a fatal one as critical', (log) => log.fatal('can not serve'), '<2>can not serve\n'],
  ['a trace as debug', (log) => log.trace('x'), '<7>x\n'],
])('writes for the journal: %s', (_what, write, line) => {
  expect(lineOf(write)).toBe(line);
});

it('tells the stack of an error', () => {
  expect(lineOf((log) => log.error({ err: new Error('no') }, 'something failed'))).toMatch(/^<3>something failed err=\{"type":"Error","message":"no","stack":"Error: no\\n .*\}\n$/);
});
