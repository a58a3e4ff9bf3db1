import { SqliteStore } from '../../../../api/store/sqlite-store.ts';

/**
 * Writes to the store of argv[2] without end, many at once, and prints a line for each write that the store has acknowledged:
 * `name revision`. Made to be killed.
 */
const store = new SqliteStore({ path: process.argv[2] ?? '' });
const round = process.argv[3] ?? '';
let count = 0;

async function writeForever(writer: number): Promise<void> {
  for (;;) {
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

await Promise.all(Array.from({ length: 16 }, (_, writer) => writeForever(writer)));
