import type { AdoptionPolicy, Ownership, OwnerKey } from '../../owner.ts';
import type { Refusal } from '../../system.ts';
import type { FieldDifference } from '../xml/field-difference.ts';
import { listed } from './draft.ts';

/** How a marked thing stands: its resource is in one of the sets of `Ownership`, or gone. */
export type Standing = keyof Ownership | 'leftover';

const SETS = ['present', 'leaving', 'released', 'frozen'] as const;

export function standingOf(owner: OwnerKey, ownership: Ownership): Standing {
  return SETS.find((set) => ownership[set].has(owner)) ?? 'leftover';
}

/** A thing of a desired name that is there already. */
export interface Encounter {
  readonly owner: OwnerKey;
  readonly adoption: AdoptionPolicy;
  /** As in a message: `network switch-lunabr`. */
  readonly object: string;
  /** Whose mark it carries. */
  readonly markedFor: OwnerKey | undefined;
  /** Known for ours in another way than by its mark. */
  readonly isRecognised: boolean;
  readonly differences: readonly FieldDifference[];
}

/** `ours`, `claim` when it becomes ours by writing the mark, or why it can't. */
export function judge(encounter: Encounter, ownership: Ownership): 'ours' | 'claim' | Refusal {
  const { owner, adoption, object, markedFor, isRecognised, differences } = encounter;
  if (markedFor === owner) return 'ours';
  if (markedFor && isHeld(standingOf(markedFor, ownership))) {
    const message = `${object} belongs to ${markedFor}; change the name in one of the two`;
    return { owner, reason: 'DeviceConflict', message, needsPerson: standingOf(markedFor, ownership) !== 'leaving' };
  }
  if (isRecognised) return 'claim';
  if (adoption === 'Always' || (adoption === 'IfMatching' && differences.length === 0)) return 'claim';
  return { owner, reason: 'NotOwned', message: notOwned(encounter), needsPerson: true };
}

function isHeld(standing: Standing): boolean {
  return standing === 'present' || standing === 'leaving' || standing === 'frozen';
}

function notOwned({ object, adoption, differences }: Encounter): string {
  if (adoption === 'Never') return `${object} is there already and was made by others; remove it, or set adoptionPolicy: IfMatching or Always`;
  return `${object} is there already, was made by others and is not as desired: ${listed(differences)}; change it, or set adoptionPolicy: Always`;
}
