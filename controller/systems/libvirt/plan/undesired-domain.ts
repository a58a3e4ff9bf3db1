import type { DomainState } from '../observed.ts';
import type { OwnerKey } from '../../owner.ts';
import { withDomainMark } from '../xml/definition.ts';
import type { PlanContext } from './context.ts';
import { isSeedOf } from './images.ts';
import { isOff } from './run-state.ts';
import { standingOf } from './standing.ts';
import { planStop } from './stop.ts';

/** A guest without an operating system, or one that hangs, does not answer: nobody waits a minute for a domain to be deleted. */
const DELETION_GRACE_MS = 10_000;

/**
 * Plans the end of a domain that carries a mark and is not desired. One that others made, whose NICs alone were ours, only loses
 * the mark.
 */
export function planUndesiredDomain(state: DomainState, owner: OwnerKey, context: PlanContext): void {
  const { desired, draft } = context;
  const standing = standingOf(owner, desired.ownership);
  if (standing === 'frozen') return;
  const mark = state.config.view.mark?.domain;
  const leftover = standing === 'leftover';
  const info = { owner, object: `domain ${state.name}`, leftover, domain: { name: state.name, uuid: state.uuid } };
  if (standing === 'released' || mark?.management !== 'Full') {
    if (!state.persistent) return;
    const differences = [{ path: `domain[${state.name}].owner`, expected: '', found: owner }];
    const xml = withDomainMark(state.config.xml, undefined);
    return draft.step({ ...info, kind: 'domain-define', verb: 'release', differences, xml, disks: [] });
  }
  if (!isOff(state)) return planStop(owner, state, DELETION_GRACE_MS, context, leftover);
  // What cloud-init was told holds no work of anybody's, and perhaps a password.
  const deleteFiles = mark.diskReclaim === 'Delete' ? mark.madeDisks : mark.madeDisks.filter((path) => isSeedOf(state.name, path));
  const differences = [{ path: `domain[${state.name}]`, expected: '', found: state.state }];
  draft.step({ ...info, kind: 'domain-undefine', verb: 'delete', differences, deleteFiles });
}
