import type { KernelState } from '../systems/netplan/observed.ts';
import type { NetplanStep } from '../systems/netplan/step.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { OvsStep } from '../systems/ovs/plan/step.ts';
import type { OvsRows } from '../systems/ovs/replica/rows.ts';
import type { Difference, StepInfo } from '../systems/system.ts';
import { describeWayIn, type WayIn } from './way-in.ts';
import { pathOf, type HostPart } from './impact/host-parts.ts';
import type { Touch } from './impact/touch.ts';
import { touchedByNetplan } from './impact/touched-by-netplan.ts';
import { touchedByOvs } from './impact/touched-by-ovs.ts';

/** What one step of a plan does to one way in. */
export interface Impact {
  readonly owner: OwnerKey;
  /** The step's: `Port vnet100`. */
  readonly object: string;
  readonly wayIn: WayIn;
  /** Cuts: it takes away what the way in runs over now. Disturbs: it changes it, and the way in may stop. */
  readonly severity: 'Cuts' | 'Disturbs';
  /** For a person: which step does what to which way in. */
  readonly sentence: string;
}

/** The steps of a plan and what they were planned from. libvirt's steps reach no way in: a host never is a guest of its own. */
export interface ImpactOptions {
  readonly steps: { readonly ovs: readonly OvsStep[]; readonly netplan: readonly NetplanStep[] };
  readonly waysIn: readonly WayIn[];
  readonly observed: { readonly ovs: { readonly rows: OvsRows } | undefined; readonly netplan: { readonly kernel: KernelState } };
}

/** What a plan does to the ways in, in the order of its steps; each step and way in once. Pure; empty for a harmless plan. */
export function impactOf({ steps, waysIn, observed }: ImpactOptions): readonly Impact[] {
  const rows = observed.ovs?.rows;
  const touches = [
    ...(rows ? steps.ovs.map((step) => touchedByOvs(step, rows)) : []),
    ...steps.netplan.map((step) => touchedByNetplan(step, waysIn, observed.netplan.kernel)),
  ];
  const paths = new Map<WayIn, ReadonlySet<HostPart>>(waysIn.map((wayIn) => [wayIn, pathOf(wayIn.device, { rows, kernel: observed.netplan.kernel })]));
  return touches.flatMap((touch) => waysIn.flatMap((wayIn) => impactOn(wayIn, paths.get(wayIn), touch)));
}

/** True for a step that could be done whatever the ways in are: it concerns no part of the host that one could run over. */
export function touchesNothing(step: OvsStep, rows: OvsRows | undefined): boolean {
  if (!rows) return false;
  const { changes, takes } = touchedByOvs(step, rows);
  return changes.size + takes.size === 0;
}

function impactOn(wayIn: WayIn, path: ReadonlySet<HostPart> | undefined, { step, changes, takes }: Touch): readonly Impact[] {
  if (!path) return [];
  const severity = meets(path, takes) ? 'Cuts' : meets(path, changes) ? 'Disturbs' : undefined;
  if (severity === undefined) return [];
  const { owner, object } = step;
  return [{ owner, object, wayIn, severity, sentence: sentenceOf(step, wayIn, severity) }];
}

function meets(path: ReadonlySet<HostPart>, parts: ReadonlySet<HostPart>): boolean {
  return [...parts].some((part) => path.has(part));
}

function sentenceOf(step: StepInfo, wayIn: WayIn, severity: Impact['severity']): string {
  const values = step.verb === 'update' ? ` (${step.differences.map(describeDifference).join(', ')})` : '';
  return `${step.verb} ${step.object}${values} ${severity === 'Cuts' ? 'takes away' : 'changes'} what ${describeWayIn(wayIn)} runs over`;
}

function describeDifference({ path, expected, found }: Difference): string {
  return `${path} ${found || 'unset'} -> ${expected || 'unset'}`;
}
