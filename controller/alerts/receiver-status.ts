import type { AlertReceiverStatus } from '../../api/generated/kinds.ts';
import type { Clock } from '../../api/machinery/clock.ts';
import { setCondition, timestamp, type ConditionUpdate } from '../../api/machinery/conditions.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import type { Delivery } from './courier.ts';
import { conditionsOf } from './trouble-of.ts';

export interface ReceiverFacts {
  /** Absent when the receiver can be used. */
  readonly problem?: { readonly reason: string; readonly message: string };
  /** What is doubtful, and legal. */
  readonly doubt?: string;
  readonly pending: number;
  /** The last attempt since we run. */
  readonly delivery?: Delivery;
}

type LastDelivery = AlertReceiverStatus['lastDelivery'];

/** The status that an AlertReceiver deserves; what was delivered before we ran is taken from the status it has. */
export function receiverStatus(object: KubeObject, { problem, doubt, pending, delivery }: ReceiverFacts, clock: Clock): AlertReceiverStatus {
  const observedGeneration = object.metadata.generation;
  const before = (object.status ?? {}) as AlertReceiverStatus;
  const lastDelivery = delivery ? lastOf(delivery) : before.lastDelivery;
  const updates: readonly ConditionUpdate[] = [
    problem
      ? { type: 'Accepted', status: 'False', observedGeneration, ...problem }
      : { type: 'Accepted', status: 'True', observedGeneration, reason: 'Accepted', message: doubt ?? 'The spec makes sense' },
    { type: 'Ready', observedGeneration, ...(problem ? { status: 'False', ...problem } : readiness(lastDelivery)) },
  ];
  const conditions = updates.reduce((list, update) => setCondition(list, update, clock), conditionsOf(object));
  return { observedGeneration, conditions: [...conditions], pending, ...(lastDelivery === undefined ? {} : { lastDelivery }) };
}

function readiness(last: LastDelivery): Pick<ConditionUpdate, 'status' | 'reason' | 'message'> {
  switch (last?.result) {
    case 'Delivered':
      return { status: 'True', reason: 'Delivered', message: 'The last alert got through' };
    case 'Failed':
      return { status: 'False', reason: 'DeliveryFailed', message: last.message ?? 'The last alert did not get through' };
    default:
      return { status: 'True', reason: 'NothingToTell', message: 'There was no alert to send yet' };
  }
}

function lastOf({ message, outcome, at, error }: Delivery): NonNullable<LastDelivery> {
  return { time: timestamp(at), event: message.event, result: outcome === 'Delivered' ? 'Delivered' : 'Failed', ...(error === undefined ? {} : { message: error }) };
}
