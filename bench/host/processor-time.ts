import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Milliseconds of processor time by program: what a way costs, whatever else the machine does meanwhile. */
export type ProcessorTime = Readonly<Record<(typeof PROGRAMS)[number], number>>;

const PROGRAMS = ['bridgekeeper', 'ovs-vswitchd', 'ovsdb-server', 'systemd-networkd'] as const;
/** proc(5): the kernel counts in hundredths of a second. */
const MS_A_TICK = 10;

/** What these programs have used since they were started; `root` is the root of the host's file system. */
export async function processorTime(root: string): Promise<ProcessorTime> {
  const used = { bridgekeeper: 0, 'ovs-vswitchd': 0, 'ovsdb-server': 0, 'systemd-networkd': 0 };
  for (const pid of (await readdir(path.join(root, 'proc'))).filter((name) => /^\d+$/.test(name))) {
    const process = path.join(root, 'proc', pid);
    const command = await readIfThere(path.join(process, 'cmdline'));
    const program = PROGRAMS.find((name) => isProgram(command, name));
    if (program !== undefined) used[program] += ticksOf(await readIfThere(path.join(process, 'stat'))) * MS_A_TICK;
  }
  return used;
}

/** `since` taken from `now`, as `vswitchd 0.85 s, bridgekeeper 3.10 s`; programs that did nothing are left out. */
export function describeUse(since: ProcessorTime, now: ProcessorTime): string {
  return PROGRAMS.map((program) => ({ program, ms: now[program] - since[program] }))
    .filter(({ ms }) => ms > 0)
    .map(({ program, ms }) => `${program} ${(ms / 1000).toFixed(2)} s`)
    .join(', ');
}

function isProgram(command: string, name: (typeof PROGRAMS)[number]): boolean {
  const words = command.split('\0');
  return name === 'bridgekeeper' ? words.some((word) => word.endsWith('/dist/bridgekeeper.mjs')) : path.basename(words[0] ?? '') === name;
}

/** User and system time of proc(5) `stat`, whose second field may hold blanks and brackets. */
function ticksOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** A process may end while it is looked at. */
async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    // Gone: then it used nothing more.
    return '';
  }
}
