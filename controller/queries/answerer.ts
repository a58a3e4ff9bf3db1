import type { Clock } from '../../api/machinery/clock.ts';
import { timestamp } from '../../api/machinery/conditions.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import type { ManifestCheck } from '../client/manifest-check.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import { readUserData } from '../client/user-data.ts';
import { userDataRef } from '../desired/cloud-init.ts';
import { DESIRED_KINDS, ownerKey, type HostResources } from '../desired/resources.ts';
import { selectResources } from '../desired/select.ts';
import { policies } from '../reconcile/policies.ts';
import { impactOf, type Impact } from '../safety/impact.ts';
import type { ReadWaysIn } from '../safety/read-ways-in.ts';
import { isOwnerKey } from '../systems/owner.ts';
import type { Answer } from './answer.ts';
import { diagnosis, examine, type Places } from './diagnose/diagnose.ts';
import { expectationsOf, resourceCheck } from './diagnose/expectations.ts';
import type { Machine } from './diagnose/machine.ts';
import { observeHost, type HostObserved, type ObservableSystems } from './host-observed.ts';
import { differencesOf, importAnswer } from './import/import-answer.ts';
import { importHost, selectImported } from './import/import-host.ts';
import { planAnswer } from './plan/plan-answer.ts';
import { planHost, type HostPlan, type PlanProblem } from './plan/plan-host.ts';
import { proposedObjects, type Proposal } from './plan/proposed.ts';
import type { Question } from './question.ts';

export interface AnswererOptions {
  readonly client: ResourceClient;
  readonly clock: Clock;
  readonly hostName: string;
  readonly standalone: boolean;
  readonly imagesDirectory: string;
  readonly systems: ObservableSystems;
  readonly check: ManifestCheck;
  readonly readWaysIn: ReadWaysIn;
  readonly machine: Machine;
  readonly places: Places;
}

type QuestionOf<Type extends Question['type']> = Extract<Question, { readonly type: Type }>;

/** Answers the questions of HostQueries: it looks at resources and host, and changes neither. */
export class Answerer {
  readonly #options: AnswererOptions;

  constructor(options: AnswererOptions) {
    this.#options = options;
  }

  answer(question: Question): Promise<Answer> {
    switch (question.type) {
      case 'Plan':
        return this.#plan(question);
      case 'Import':
        return this.#import(question);
      case 'Diagnose':
        return this.#diagnose();
    }
  }

  async #plan({ objects, deletions }: QuestionOf<'Plan'>): Promise<Answer> {
    const [stored, observed] = await Promise.all([this.#storedObjects(), observeHost(this.#options.systems)]);
    const checked = objects.map((object) => this.#options.check.check(object));
    const manifests = checked.flatMap((each) => ('manifest' in each ? [each.manifest] : []));
    const refused = checked.flatMap((each) => ('problem' in each ? [refusedManifest(each.problem)] : []));
    const resources = this.#resources(stored, { manifests, deletions });
    const plan = await this.#planOf(resources, observed);
    const proposed = new Set([...manifests.map(({ kind, metadata }) => `${kind}/${metadata.name ?? ''}`), ...deletions.map(({ kind, name }) => `${kind}/${name}`)]);
    const untouched = new Map(stored.map((object) => [ownerKey(object), object]));
    const answer = planAnswer({
      plan,
      impact: await this.#impactOf(plan, observed),
      policies: policies(resources),
      unchanged: (owner) => (proposed.has(owner) ? undefined : untouched.get(owner)),
      refused,
    });
    return { ...answer, ...incompleteness(observed) };
  }

  async #import({ kinds, names }: QuestionOf<'Import'>): Promise<Answer> {
    const { hostName, standalone, check, systems, client } = this.#options;
    const [observed, hosts] = await Promise.all([observeHost(systems), client.list('Host')]);
    const found = importHost(observed, hostName);
    const objects = standalone ? found.objects : found.objects.map((object) => ({ ...object, manifest: forHost(object.manifest, hostName) }));
    const checked = objects.map(({ manifest }) => check.check(manifest));
    const manifests = checked.flatMap((each) => ('manifest' in each ? [each.manifest] : []));
    const plan = await this.#planOf(this.#resources(hosts.items, { manifests, deletions: [] }), observed);
    const remarks = [...found.remarks, ...differencesOf(objects, checked, plan)];
    return { ...importAnswer(selectImported({ objects, remarks }, kinds, names)), ...incompleteness(observed) };
  }

  async #diagnose(): Promise<Answer> {
    const { machine, places } = this.#options;
    const resources = this.#resources(await this.#storedObjects(), { manifests: [], deletions: [] });
    return diagnosis([...(await examine(machine, places, expectationsOf(resources))), resourceCheck(resources)]);
  }

  async #storedObjects(): Promise<KubeObject[]> {
    const lists = await Promise.all(DESIRED_KINDS.map((kind) => this.#options.client.list(kind)));
    return lists.flatMap(({ items }) => items);
  }

  #resources(stored: readonly KubeObject[], proposal: Proposal): HostResources {
    const { hostName, standalone, clock } = this.#options;
    const objects = proposedObjects(stored, proposal, timestamp(clock.now()));
    return selectResources((kind) => objects.filter((object) => object.kind === kind), hostName, standalone);
  }

  async #planOf(resources: HostResources, observed: HostObserved): Promise<HostPlan> {
    const { hostName, imagesDirectory, client } = this.#options;
    const userData = await readUserData(client, resources.virtualMachines.flatMap((vm) => userDataRef(vm) ?? []));
    return planHost(resources, observed, { hostName, imagesDirectory, userData });
  }

  async #impactOf({ plans }: HostPlan, { ovs, netplan }: HostObserved): Promise<readonly Impact[]> {
    if (!netplan) return [];
    const waysIn = await this.#options.readWaysIn(netplan.kernel);
    return impactOf({ steps: { ovs: plans.ovs?.steps ?? [], netplan: plans.netplan?.steps ?? [] }, waysIn, observed: { ovs, netplan } });
  }
}

function forHost<Object extends { readonly kind: string; readonly spec?: unknown }>(manifest: Object, hostName: string): Object {
  return manifest.kind === 'Host' ? manifest : { ...manifest, spec: { hostName, ...(manifest.spec ?? {}) } };
}

function refusedManifest({ kind, name, message }: { readonly kind: string; readonly name: string; readonly message: string }): PlanProblem {
  const owner = `${kind}/${name}`;
  return { ...(isOwnerKey(owner) ? { owner } : {}), reason: 'Invalid', message };
}

function incompleteness({ unreachable }: HostObserved): Pick<Answer, 'incomplete'> {
  const [first] = unreachable;
  return first ? { incomplete: { reason: first.reason, message: `The answer is incomplete: ${unreachable.map(({ message }) => message).join('; ')}` } } : {};
}
