import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { LogFollower } from '../../../../../../controller/systems/ovs/log/follower.ts';
import { SILENT } from '../../../../../../controller/systems/ovs/logger.ts';

let folder: string;
let path: string;
let follower: LogFollower;
let seen: unknown[];
let warnings: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ovs-log-'));
  path = join(folder, 'conf.db');
  seen = [];
  warnings = 0;
  const log = { ...SILENT, warn: () => (warnings += 1) };
  follower = new LogFollower({ paths: [join(folder, 'missing'), path], log, onRecord: (json) => seen.push(json['n']), onReplaced: (records) => seen.push(records.map((json) => json['n'])) });
});

afterEach(() => {
  follower.stop();
  rmSync(folder, { recursive: true });
});

function record(n: number): string {
  const text = `${JSON.stringify({ n })}\n`;
  return `OVSDB JSON ${text.length} ${'0'.repeat(40)}\n${text}`;
}

describe('the log follower', () => {
  it('waits for a file that is not there yet, and reads each record once', () => {
    follower.catchUp();
    expect(seen).toEqual([]);
    writeFileSync(path, record(1) + record(2));
    follower.catchUp();
    follower.catchUp();
    appendFileSync(path, record(3) + record(4).slice(0, 30));
    follower.catchUp();
    appendFileSync(path, record(4).slice(30));
    follower.catchUp();
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('reads the old file to its end before it goes over to the new one', () => {
    writeFileSync(path, record(1));
    follower.catchUp();
    appendFileSync(path, record(2));
    writeFileSync(join(folder, 'new'), record(3));
    renameSync(join(folder, 'new'), path);
    follower.catchUp();
    appendFileSync(path, record(4));
    follower.catchUp();
    expect(seen).toEqual([1, 2, [3], 4]);
  });

  it('starts again with a file that was made shorter', () => {
    writeFileSync(path, record(1) + record(2));
    follower.catchUp();
    truncateSync(path, 0);
    appendFileSync(path, record(3));
    follower.catchUp();
    expect(seen).toEqual([1, 2, [3]]);
  });

  it('reads only the end of a file that is long', () => {
    const many = Array.from({ length: 80_000 }, (_, index) => record(index));
    writeFileSync(path, many.join(''));
    follower.catchUp();
    expect(seen.length).toBeLessThan(80_000);
    expect(seen.slice(-3)).toEqual([79_997, 79_998, 79_999]);
  });

  it('says once that it can not read', () => {
    const folderOnly = new LogFollower({ paths: [folder], log: { ...SILENT, warn: () => (warnings += 1) }, onRecord: () => undefined, onReplaced: () => undefined });
    folderOnly.catchUp();
    folderOnly.catchUp();
    expect(warnings).toBe(1);
  });
});
