import { fstatSync } from 'node:fs';
import { pino, type Logger } from 'pino';

const STDOUT = 1;
/** The most severe of pino's levels that each priority of sd-daemon(3) stands for: critical, error, warning, info; what is less is debug. */
const PRIORITIES = [
  [60, 2],
  [50, 3],
  [40, 4],
  [30, 6],
] as const;
const DEBUG = 7;
/** What needs no quotes to be told from what stands beside it. */
const PLAIN = /^[^\s"=]+$/;

/** The daemon's log on its standard output: JSON lines, or what people read where systemd's journal takes them, which has the time already. */
export function openLog(level: string): Logger {
  if (!goesToJournal(process.env['JOURNAL_STREAM'])) return pino({ level, base: undefined });
  // Nobody waits for a journal that is busy.
  const output = pino.destination({ dest: STDOUT, sync: false });
  return pino({ level, base: undefined, timestamp: false }, { write: (line) => void output.write(journalLine(line)) });
}

/** `<6>connected to libvirt system=libvirt`: the priority is taken off by the journal, which `journalctl --priority` asks for. */
export function journalLine(json: string): string {
  const { level, msg, ...fields } = recordOf(json);
  const [, priority] = PRIORITIES.find(([least]) => Number(level) >= least) ?? [0, DEBUG];
  const words = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`);
  return `<${priority}>${[String(msg ?? ''), ...words].join(' ')}\n`;
}

/** systemd.exec(5), $JOURNAL_STREAM: device and inode of the stream; another one when the output was redirected since. */
function goesToJournal(stream: string | undefined): boolean {
  if (stream === undefined || stream === '') return false;
  const { dev, ino } = fstatSync(STDOUT);
  return stream === `${dev}:${ino}`;
}

function shown(value: unknown): string {
  return typeof value === 'string' && PLAIN.test(value) ? value : JSON.stringify(value);
}

function recordOf(json: string): Readonly<Record<string, unknown>> {
  const record: unknown = JSON.parse(json);
  return typeof record === 'object' && record !== null ? { ...record } : { msg: json };
}
