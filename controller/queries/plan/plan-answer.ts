import { isRecord } from '../../../api/machinery/json.ts';
import type { KubeObject } from '../../../api/machinery/object.ts';
import type { OwnerPolicy } from '../../reconcile/lane-target.ts';
import type { Impact } from '../../safety/impact.ts';
import type { OwnerKey } from '../../systems/owner.ts';
import type { StepInfo } from '../../systems/system.ts';
import type { Answer, AnswerLists } from '../answer.ts';
import type { HostPlan, PlannedStep, PlanProblem } from './plan-host.ts';

type StepField = NonNullable<AnswerLists['steps']>[number];

const MAX_LISTED = 10_000;
const MAX_IMPACTS = 1_000;
const MAX_DIFFERENCES = 1_000;
const LONGEST_VALUE = 8_192;
const LONGEST_NAME = 1_024;
const LONGEST_MESSAGE = 32_768;

export interface PlanAnswerInputs {
  readonly plan: HostPlan;
  readonly impact: readonly Impact[];
  readonly policies: ReadonlyMap<OwnerKey, OwnerPolicy>;
  /** The resource as it is stored, where the proposal leaves it as it is. */
  readonly unchanged: (owner: OwnerKey) => KubeObject | undefined;
  /** Why a manifest of the question was not looked at. */
  readonly refused: readonly PlanProblem[];
}

/** A plan as a HostQuery tells it. */
export function planAnswer(inputs: PlanAnswerInputs): Answer {
  const { plan, impact, refused } = inputs;
  const steps = plan.steps.map((planned) => stepField(planned, heldReason(planned.step, inputs)));
  const problems = [...refused, ...plan.problems];
  const held = steps.filter((step) => step.held !== undefined).length;
  const claims = steps.filter((step) => step.verb === 'claim' && step.held === undefined).length;
  const changes = steps.length - held - claims;
  return {
    summary: { text: summaryText({ changes, claims, held, problems: problems.length }), steps: changes, claims, held, problems: problems.length },
    lists: {
      steps: steps.slice(0, MAX_LISTED),
      impact: impact.slice(0, MAX_IMPACTS).map(({ severity, owner, object, sentence }) => ({ severity, owner, object: object.slice(0, LONGEST_NAME), message: sentence.slice(0, LONGEST_VALUE) })),
      problems: problems.slice(0, MAX_LISTED).map(({ message, ...rest }) => ({ ...rest, message: message.slice(0, LONGEST_MESSAGE) })),
    },
  };
}

function stepField({ system, step }: PlannedStep, held: StepField['held']): StepField {
  return {
    system,
    verb: step.verb,
    object: step.object.slice(0, LONGEST_NAME),
    owner: step.owner,
    ...(held === undefined ? {} : { held }),
    differences: step.differences.slice(0, MAX_DIFFERENCES).map(({ path, expected, found }) => ({
      path: path.slice(0, LONGEST_NAME),
      ...(expected === '' ? {} : { expected: expected.slice(0, LONGEST_VALUE) }),
      ...(found === '' ? {} : { found: found.slice(0, LONGEST_VALUE) }),
    })),
  };
}

/** Drift that is only reported shows in the resource's own conditions; what a changed spec asks for is done all the same. */
function heldReason({ owner }: StepInfo, { policies, unchanged }: PlanAnswerInputs): StepField['held'] {
  const policy = policies.get(owner);
  if (policy?.paused) return 'Paused';
  const object = policy?.drift === 'Report' ? unchanged(owner) : undefined;
  return object && isDrifted(object) ? 'Reported' : undefined;
}

function isDrifted({ status }: KubeObject): boolean {
  const conditions = isRecord(status) && Array.isArray(status['conditions']) ? status['conditions'] : [];
  return conditions.some((condition) => isRecord(condition) && condition['type'] === 'Drifted' && condition['status'] === 'True');
}

function summaryText({ changes, claims, held, problems }: { readonly changes: number; readonly claims: number; readonly held: number; readonly problems: number }): string {
  const parts = [
    changes === 0 ? 'no changes' : `${changes} ${changes === 1 ? 'step' : 'steps'}`,
    ...(claims === 0 ? [] : [`${claims} ${claims === 1 ? 'claim' : 'claims'}`]),
    ...(held === 0 ? [] : [`${held} held`]),
    ...(problems === 0 ? [] : [`${problems} ${problems === 1 ? 'problem' : 'problems'}`]),
  ];
  return parts.join(', ');
}
