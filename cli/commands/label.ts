import { keyValueCommand } from '../key-values.ts';

export const label = keyValueCommand({
  name: 'label',
  field: 'labels',
  done: 'labelled',
  examples: [
    ['Set a label', 'bridgectl label vlanport vnet100 zone=dmz'],
    ['Take it away', 'bridgectl label vlanport vnet100 zone-'],
    ['All of a kind', 'bridgectl label portgroups --all site=madrid --overwrite'],
  ],
});
