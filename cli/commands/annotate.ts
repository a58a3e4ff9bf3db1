import { keyValueCommand } from '../key-values.ts';

export const annotate = keyValueCommand({
  name: 'annotate',
  field: 'annotations',
  done: 'annotated',
  examples: [
    ['Let Bridgekeeper look at a bridge and change nothing', 'bridgectl annotate bridge lunabr bridgekeeper.dev/paused=true'],
    ['Let it go on', 'bridgectl annotate bridge lunabr bridgekeeper.dev/paused-'],
  ],
});
