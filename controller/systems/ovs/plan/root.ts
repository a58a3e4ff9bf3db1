import type { OwnerKey } from '../../owner.ts';
import type { OvsRoot } from '../desired.ts';
import { ownerOf, VM_ID } from '../replica/mark.ts';
import type { QoSRow, QueueRow } from '../schema/rows.ts';
import { compareKeys, compareMark, joinChanges, NO_CHANGE, removeMark } from './change.ts';
import type { PlanDraft } from './draft.ts';
import { deleteQos, IFNAME } from './limits.ts';
import { fateOf } from './ownership.ts';

const VLAN_LIMIT = 'vlan-limit';
const OBJECT = 'Open_vSwitch';

/** Plans the switch as a whole: what a Host asks of it, and what VMs left behind. */
export function planRoot(draft: PlanDraft): void {
  const { root } = draft.desired;
  draft.about();
  if (root?.vlanLimit !== undefined) setVlanLimit(root, root.vlanLimit, draft);
  else giveUpRoot(draft);
  if (!root) return;
  sweepQos(root, draft);
  reportAccess(root, draft);
}

function setVlanLimit({ owner }: OvsRoot, vlanLimit: number, draft: PlanDraft): void {
  const row = rootRow(draft);
  draft.step({ owner, verb: 'update', object: OBJECT }, joinChanges(compareMark(OBJECT, row, owner), compareVlanLimit(draft, String(vlanLimit))));
}

/** What a Host asked for once, and no longer does. */
function giveUpRoot(draft: PlanDraft): void {
  const row = rootRow(draft);
  const owner = ownerOf(row);
  if (owner === undefined) return;
  const fate = fateOf(owner, draft.desired.ownership);
  if (fate === 'keep') return;
  const change = fate === 'release' ? NO_CHANGE : compareVlanLimit(draft, undefined);
  draft.step(
    { owner, verb: fate === 'release' ? 'release' : 'update', object: OBJECT, leftover: fate === 'delete-leftover' },
    joinChanges(change, removeMark(OBJECT, row)),
  );
}

function compareVlanLimit(draft: PlanDraft, wanted: string | undefined) {
  return compareKeys(OBJECT, rootRow(draft), 'other_config', { [VLAN_LIMIT]: wanted });
}

/** The one row of its table, by the name that ovs-vsctl has for it. */
function rootRow({ rows }: PlanDraft) {
  return { ...rows.root, name: '.' };
}

/** Who may reach the database from elsewhere is no business of ours, but never a secret. */
function reportAccess({ owner }: OvsRoot, draft: PlanDraft): void {
  const row = rootRow(draft);
  for (const { target } of draft.rows.rows('Manager', row.manager_options)) {
    const difference = { path: 'Open_vSwitch[.].manager_options', expected: '', found: target };
    draft.finding({ owner, object: OBJECT, difference, locators: [{ table: OBJECT, uuid: row.uuid, columns: ['manager_options'] }] });
  }
}

/** libvirt leaves the QoS rows of a VM behind when it stops, and two where it makes one beside ours. */
function sweepQos({ owner }: OvsRoot, draft: PlanDraft): void {
  const { tables } = draft.rows.indexes;
  if (tables.QoS.size + tables.Queue.size === 0) return;
  const used = new Set([...tables.Port.values()].map(({ qos }) => qos));
  const unused = [...tables.QoS.values()].filter((row) => isOfVm(row) && !used.has(row.uuid));
  const queued = new Set([...tables.QoS.values()].flatMap(({ queues }) => [...queues.values()]));
  for (const row of unused) sweep('QoS', row, owner, draft);
  for (const row of tables.Queue.values()) if (isOfVm(row) && !queued.has(row.uuid)) sweep('Queue', row, owner, draft);
}

function isOfVm({ external_ids: ids }: QoSRow | QueueRow): boolean {
  return ids.has(VM_ID) && ids.has(IFNAME);
}

function sweep(table: 'QoS' | 'Queue', row: QoSRow | QueueRow, owner: OwnerKey, draft: PlanDraft): void {
  const found = `${row.external_ids.get(IFNAME)} of VM ${row.external_ids.get(VM_ID)}`;
  draft.step(
    { owner, verb: 'delete', object: `${table} ${row.uuid}`, leftover: true },
    {
      edits: table === 'QoS' ? deleteQos(row.uuid, draft.rows) : [{ edit: 'delete', table, uuid: row.uuid }],
      differences: [{ path: `${table}[${row.uuid}]`, expected: '', found }],
      locators: [{ table, uuid: row.uuid, columns: [] }],
    },
  );
}
