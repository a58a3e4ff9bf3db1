import type { Clock } from '../../api/machinery/clock.ts';
import { API_VERSION, type KubeObject } from '../../api/machinery/object.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import { compile } from '../desired/compile.ts';
import { userDataRef } from '../desired/cloud-init.ts';
import type { Compiled } from '../desired/host-desired.ts';
import { DESIRED_KINDS, ownerKey, type HostResource } from '../desired/resources.ts';
import { selectResources } from '../desired/select.ts';
import type { Journal } from '../journal/sqlite-journal.ts';
import { NO_GUARD_REPORT, type GuardReport } from '../safety/guard-report.ts';
import { DELETED } from '../safety/holds.ts';
import type { LaneGate } from '../safety/lane-gate.ts';
import type { LibvirtDesired } from '../systems/libvirt/desired.ts';
import type { LibvirtFacts } from '../systems/libvirt/observed.ts';
import type { GuestNic } from '../systems/guest-nic.ts';
import type { NetplanDesired } from '../systems/netplan/desired.ts';
import type { NetplanFacts } from '../systems/netplan/observed.ts';
import type { OvsDesired } from '../systems/ovs/desired.ts';
import type { OvsFacts } from '../systems/ovs/observed.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { StepInfo, System, SystemName } from '../systems/system.ts';
import { Aim } from './aim.ts';
import { Coalesced } from './coalesced.ts';
import { Finalizers } from './finalizers.ts';
import { Gathering } from './gathering.ts';
import { guestNics } from './guest-nics.ts';
import { GuestSecrets } from './guest-secrets.ts';
import { Lane } from './lane.ts';
import type { AppliedPlan, DriftEvent, LaneListener, LanePass } from './lane-report.ts';
import type { LaneReports } from './lanes.ts';
import { policies } from './policies.ts';
import { ResourceCache } from './resource-cache.ts';
import { Settled } from './settled.ts';
import { StatusWriter } from './status-writer.ts';
import { Summarizer, type Knowledge } from './summarizer.ts';
import { UplinkPatience } from './uplink-patience.ts';

const RESYNC_MS = 5 * 60_000;
/** networkd takes seconds for a pass, be it of one device or of a thousand: what is still being applied is better taken with it. */
const NETPLAN_REST_SHARE = 0.1;

export interface LoopOptions<OvsStep extends StepInfo, NetplanStep extends StepInfo, LibvirtStep extends StepInfo, Ovs extends OvsFacts, Netplan extends NetplanFacts, Libvirt extends LibvirtFacts> {
  readonly hostName: string;
  /** True where resources without `spec.hostName` are this host's. */
  readonly standalone: boolean;
  readonly imagesDirectory: string;
  readonly kernelRelease: string;
  readonly client: ResourceClient;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly systems: {
    readonly ovs: System<OvsDesired, Ovs, OvsStep>;
    readonly netplan: System<NetplanDesired, Netplan, NetplanStep>;
    readonly libvirt: System<LibvirtDesired, Libvirt, LibvirtStep>;
  };
  /** Why nothing may be done on this host now, such as another controller that keeps it; undefined when it may. */
  readonly heldBy?: () => Promise<string | undefined>;
  /** Without one, nothing is held back. */
  readonly guard?: LoopGuard<OvsStep, NetplanStep>;
  readonly listener: LoopListener;
}

/** Stands before the lanes whose steps reach the ways into the host. */
export interface LoopGuard<OvsStep extends StepInfo, NetplanStep extends StepInfo> {
  readonly gates: { readonly ovs: LaneGate<OvsStep>; readonly netplan: LaneGate<NetplanStep> };
  readonly report: GuardReport;
  /** Takes up what an earlier daemon left. */
  recover(): Promise<void>;
  resourcesChanged(): void;
  stop(): void;
}

/** What the loop tells of, for reports, metrics and the log. */
export interface LoopListener {
  drifted(event: DriftEvent): void;
  applied(plan: AppliedPlan): void;
  passed(pass: LanePass): void;
  /** libvirt tells which NICs of guests run; may be the same as before. */
  guests(nics: readonly GuestNic[]): void;
  /** `Ready` of a resource changed: for an Event. */
  turned(object: KubeObject, ready: { readonly status: string; readonly reason: string; readonly message: string }): void;
  failed(error: unknown): void;
}

/**
 * The one loop of a host: resources → compile → three lanes → status. It is woken by a changed resource, by a lane that has got
 * somewhere, and every few minutes as a safety net; whatever woke it, it does the same.
 */
export class Loop<OvsStep extends StepInfo, NetplanStep extends StepInfo, LibvirtStep extends StepInfo, Ovs extends OvsFacts, Netplan extends NetplanFacts, Libvirt extends LibvirtFacts> {
  readonly #options: LoopOptions<OvsStep, NetplanStep, LibvirtStep, Ovs, Netplan, Libvirt>;
  readonly #cache: ResourceCache;
  readonly #finalizers: Finalizers;
  readonly #summarizer: Summarizer;
  readonly #lanes: { readonly ovs: Lane<OvsDesired, Ovs, OvsStep>; readonly netplan: Lane<NetplanDesired, Netplan, NetplanStep>; readonly libvirt: Lane<LibvirtDesired, Libvirt, LibvirtStep> };
  readonly #aims: { readonly ovs: Aim<OvsDesired>; readonly netplan: Aim<NetplanDesired>; readonly libvirt: Aim<LibvirtDesired> };
  readonly #recompile: Coalesced;
  readonly #ordered: Gathering;
  /** What was ordered anew since the last compile: what is known speaks of former orders. */
  readonly #notCompiled = new Set<OwnerKey>();
  readonly #summarize: Coalesced;
  #reports: LaneReports = {};
  #compiled: Compiled | undefined;
  #host: HostResource | undefined;
  #workingBridges: ReadonlySet<string> = new Set();
  readonly #uplinks: UplinkPatience;
  readonly #secrets: GuestSecrets;
  #policies: ReturnType<typeof policies> = new Map();
  #cancelResync: () => void = () => undefined;
  /** All resources are known, and the guard has taken up what it found. */
  #isReady = false;

  constructor(options: LoopOptions<OvsStep, NetplanStep, LibvirtStep, Ovs, Netplan, Libvirt>) {
    this.#options = options;
    const { client, clock, listener, systems, journal, guard } = options;
    const failed = (error: unknown): void => listener.failed(error);
    this.#uplinks = new UplinkPatience(clock, () => this.#noticeUplinks());
    this.#secrets = new GuestSecrets({ client, clock, changed: () => this.#recompile.ask(), failed });
    this.#recompile = new Coalesced({ work: () => this.#compile(), clock, failed });
    this.#ordered = new Gathering(clock, () => this.#recompile.ask());
    this.#summarize = new Coalesced({ work: () => this.#summarizer.run(() => this.#knowledge()), clock, failed });
    this.#cache = new ResourceCache({ client, clock, kinds: DESIRED_KINDS, changed: (before, after) => this.#resourceChanged(before, after), failed });
    this.#finalizers = new Finalizers(client, failed);
    this.#summarizer = new Summarizer({
      clock,
      hostName: options.hostName,
      kernelRelease: options.kernelRelease,
      objectOf: (owner) => this.#objectOf(owner),
      writer: new StatusWriter({ client, clock, listener, lookAgain: () => this.#summarize.ask() }),
      release: (object) => this.#finalizers.remove(object),
    });
    const settled = (name: SystemName): Settled => new Settled(journal.map(`settled ${name}`, { survives: 'process' }));
    const hold = options.heldBy ? { heldBy: options.heldBy } : {};
    this.#lanes = {
      ovs: new Lane({ system: systems.ovs, clock, ...hold, ...(guard ? { gate: guard.gates.ovs } : {}), settled: settled('ovs'), listener: this.#listen((report) => (this.#reports = { ...this.#reports, ovs: report })) }),
      netplan: new Lane({ system: systems.netplan, clock, ...hold, ...(guard ? { gate: guard.gates.netplan } : {}), restShare: NETPLAN_REST_SHARE, settled: settled('netplan'), listener: this.#listen((report) => (this.#reports = { ...this.#reports, netplan: report })) }),
      libvirt: new Lane({ system: systems.libvirt, clock, ...hold, settled: settled('libvirt'), listener: this.#listen((report) => (this.#reports = { ...this.#reports, libvirt: report })) }),
    };
    this.#aims = { ovs: new Aim(this.#lanes.ovs), netplan: new Aim(this.#lanes.netplan), libvirt: new Aim(this.#lanes.libvirt) };
  }

  /** Makes the Host if it is missing, reads all resources, and goes. */
  async start(): Promise<void> {
    await this.#makeHost();
    await this.#cache.start();
    const { ovs, netplan, libvirt } = this.#options.systems;
    await Promise.all([ovs.start(), netplan.start(), libvirt.start()]);
    await this.#options.guard?.recover();
    this.#isReady = true;
    this.#scheduleResync();
    this.#recompile.ask();
  }

  /** Ends after the passes under way; the host is left as it is. */
  async stop(): Promise<void> {
    this.#cancelResync();
    this.#options.guard?.stop();
    this.#uplinks.stop();
    this.#secrets.stop();
    this.#cache.stop();
    this.#ordered.stop();
    await Promise.all([this.#recompile.stop(), this.#summarize.stop()]);
    await Promise.all([this.#lanes.ovs.stop(), this.#lanes.netplan.stop(), this.#lanes.libvirt.stop()]);
    const { ovs, netplan, libvirt } = this.#options.systems;
    await Promise.all([ovs.stop(), netplan.stop(), libvirt.stop()]);
  }

  /** A resource as it is known now, if it is there. */
  resource(kind: string, name: string): KubeObject | undefined {
    return this.#cache.get(kind, name);
  }

  /** This machine's Host, once the resources are known. */
  get host(): HostResource | undefined {
    return this.#host;
  }

  /** Tells one version of a resource's spec from the next; `gone` where it is not there. */
  versionOf(owner: OwnerKey): string {
    const object = this.#objectOf(owner);
    if (!object) return 'gone';
    const { uid, generation, deletionTimestamp } = object.metadata;
    return `${uid}/${generation}${deletionTimestamp === undefined ? '' : DELETED}`;
  }

  /** What the two lanes whose steps reach ways in would do now. */
  async preview() {
    const [ovs, netplan] = await Promise.all([this.#lanes.ovs.preview(), this.#lanes.netplan.preview()]);
    return { ...(ovs ? { ovs } : {}), ...(netplan ? { netplan } : {}) };
  }

  /** What they saw last. */
  facts() {
    return { ovs: this.#lanes.ovs.lastObserved, netplan: this.#lanes.netplan.lastObserved };
  }

  /** Has the lanes look again. */
  wake(): void {
    for (const lane of [this.#lanes.ovs, this.#lanes.netplan]) lane.wake();
  }

  /** Brings statuses up to date with what the guard reports. */
  summarize(): void {
    this.#summarize.ask();
  }

  async #makeHost(): Promise<void> {
    const { client, hostName } = this.#options;
    // Something must be ours: an object that nobody owns a field of is taken for one from before fields were owned.
    const labels = { 'app.kubernetes.io/created-by': 'bridgekeeper' };
    await client.ensure({ apiVersion: API_VERSION, kind: 'Host', metadata: { name: hostName, labels } });
  }

  #resourceChanged(before: KubeObject | undefined, after: KubeObject | undefined): void {
    if (before && after && sameOrders(before, after)) return this.#summarize.ask();
    const changed = after ?? before;
    if (changed) this.#notCompiled.add(ownerKey(changed));
    this.#ordered.add(before && after ? 'edit' : 'new');
  }

  #compile(): void {
    // The lanes have nothing to go for until then: what an earlier daemon left half done is not theirs to look at.
    if (!this.#isReady) return;
    const { hostName, standalone, imagesDirectory } = this.#options;
    this.#notCompiled.clear();
    const resources = selectResources((kind) => this.#cache.all(kind), hostName, standalone);
    const userData = this.#secrets.follow(resources.virtualMachines.flatMap((vm) => userDataRef(vm) ?? []));
    const compiled = compile(resources, { hostName, imagesDirectory, workingBridges: this.#workingBridges, userData });
    for (const [owner, { state }] of compiled.lifecycles) {
      const object = state === 'new' ? this.#objectOf(owner) : undefined;
      if (object) this.#finalizers.add(object);
    }
    this.#compiled = compiled;
    this.#host = resources.host;
    this.#options.guard?.resourcesChanged();
    this.#policies = policies(resources);
    this.#uplinks.look(compiled.desired, this.#reports);
    this.#takeAim(compiled);
    this.#aims.libvirt.take(compiled.desired.libvirt, this.#policies);
    this.#summarize.ask();
  }

  #takeAim({ desired }: Compiled): void {
    const { ovs, netplan } = this.#uplinks.applied(desired);
    this.#aims.ovs.take(ovs, this.#policies);
    this.#aims.netplan.take(netplan, this.#policies);
  }

  /** A NIC and its addresses move in steps: what one of the two systems did lets the other go on. */
  #noticeUplinks(): void {
    const compiled = this.#compiled;
    if (compiled && this.#uplinks.look(compiled.desired, this.#reports)) this.#takeAim(compiled);
  }

  #listen<Observed>(keep: (report: Parameters<LaneListener<Observed>['reported']>[0]) => void): LaneListener<Observed> {
    const { listener } = this.#options;
    return {
      reported: (report) => {
        keep(report);
        this.#noticeBridges();
        this.#noticeUplinks();
        if (report.system === 'libvirt') this.#noticeGuests();
        this.#summarize.ask();
      },
      drifted: (event) => listener.drifted(event),
      applied: (plan) => {
        this.#ordered.took(plan.tookMs);
        listener.applied(plan);
      },
      passed: (pass) => listener.passed(pass),
      failed: (error) => listener.failed(error),
    };
  }

  /** A VM waits for its bridge: the compiler must know when one comes or goes. */
  #noticeBridges(): void {
    const bridges = this.#reports.ovs?.observed?.bridges;
    if (!bridges) return;
    const working = new Set([...bridges.values()].filter(({ datapathId }) => datapathId !== '').map(({ name }) => name));
    if (working.size === this.#workingBridges.size && [...working].every((name) => this.#workingBridges.has(name))) return;
    this.#workingBridges = working;
    this.#recompile.ask();
  }

  #noticeGuests(): void {
    const { libvirt } = this.#reports;
    if (libvirt?.observed && !libvirt.unreachable) this.#options.listener.guests(guestNics(libvirt.observed));
  }

  /** What there is to say now: a lane that still works toward the newest target says nothing yet. */
  #knowledge(): Knowledge | undefined {
    const compiled = this.#compiled;
    const { ovs, netplan, libvirt } = this.#reports;
    return compiled && {
      compiled,
      notCompiled: this.#notCompiled,
      guard: this.#options.guard?.report ?? NO_GUARD_REPORT,
      reports: {
        ...(ovs?.version === this.#aims.ovs.version ? { ovs } : {}),
        ...(netplan?.version === this.#aims.netplan.version ? { netplan } : {}),
        ...(libvirt?.version === this.#aims.libvirt.version ? { libvirt } : {}),
      },
    };
  }

  #objectOf(owner: OwnerKey): KubeObject | undefined {
    const slash = owner.indexOf('/');
    return this.#cache.get(owner.slice(0, slash), owner.slice(slash + 1));
  }

  #scheduleResync(): void {
    this.#cancelResync = this.#options.clock.after(RESYNC_MS, () => {
      this.#recompile.ask();
      for (const lane of [this.#lanes.ovs, this.#lanes.netplan, this.#lanes.libvirt]) lane.resync();
      this.#scheduleResync();
    });
  }
}

/** True when the two ask the same of the host: only status, or what the API itself keeps, differs. */
function sameOrders(before: KubeObject, after: KubeObject): boolean {
  const [a, b] = [before.metadata, after.metadata];
  return (
    a.uid === b.uid &&
    a.generation === b.generation &&
    a.deletionTimestamp === b.deletionTimestamp &&
    JSON.stringify([a.finalizers, a.annotations]) === JSON.stringify([b.finalizers, b.annotations])
  );
}
