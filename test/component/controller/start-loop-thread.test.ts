import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { customResourceDefinitions } from '../../../api/generated/crds.ts';
import { InProcessClient } from '../../../controller/client/in-process-client.ts';
import { serveConfig } from '../../../controller/config.ts';
import { startLoopThread } from '../../../controller/start-loop-thread.ts';
import { openRegistry, type OpenedRegistry } from '../api/registry/opened-registry.ts';

let opened: OpenedRegistry;
let directory: string;

beforeEach(async () => {
  opened = await openRegistry({ crds: customResourceDefinitions });
  directory = await mkdtemp(path.join(tmpdir(), 'bridgekeeper-loop-'));
});

afterEach(async () => {
  await opened.close();
  await rm(directory, { recursive: true });
});

it('tells why the loop can not keep the host, and leaves no thread behind', async () => {
  const journal = new Database(path.join(directory, 'journal.sqlite'));
  journal.pragma('user_version = 99');
  journal.close();
  const config = serveConfig(['--data-dir', directory, '--host-name', 'luna', '--log-level', 'silent']);
  await expect(startLoopThread(config, new InProcessClient(opened.registry))).rejects.toThrow('was written by a newer bridgekeeper (journal version 99)');
});
