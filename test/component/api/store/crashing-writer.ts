import { SqliteStore } from '../../../../api/store/sqlite-store.ts';

/**
 * Writes to the store of argv[2], sixteen writers at once, and prints a line for each write that the store has acknowledged:
 * `name revision text`. argv[3] goes into the names; after argv[4] writes it ends; argv[5] is after how many changes the log is
 * copied. Made to be killed. Where the store fails, the last line tells as JSON what became of it.
 */
const [, , path = '', round = '', most = 'Infinity', checkpointChanges = '2000'] = process.argv;
const store = new SqliteStore({ path, checkpointChanges: Number(checkpointChanges) });
let count = 0;

async function writeForever(writer: number): Promise<void> {
  while (count < Number(most)) {
    count += 1;
    const name = `object-${round}-${writer}-${count % 50}`;
    const text = `${round}-${writer}-${count}`;
    const revision = await store.write((transaction) => {
      const object = {
        apiVersion: 'v1',
        kind: 'Note',
        metadata: { name, uid: text, resourceVersion: String(transaction.nextRevision), generation: 1, creationTimestamp: '' },
        spec: { text, again: text },
      };
      return transaction.put('notes', name, object).revision;
    });
    process.stdout.write(`${name} ${revision} ${text}\n`);
  }
}

const results = await Promise.allSettled(Array.from({ length: 16 }, (_, writer) => writeForever(writer)));
if (results.some(({ status }) => status === 'rejected')) {
  const refusedAfter = await store.write(() => undefined).then(() => false, () => true);
  const readable = Math.max(...store.list('notes', {}).entries.map(({ revision }) => revision));
  process.stdout.write(`${JSON.stringify({ failed: store.failure?.message, refusedAfter, readable })}\n`);
}
await store.close();
