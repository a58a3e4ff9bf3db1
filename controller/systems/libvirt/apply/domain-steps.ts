import type { Exec } from '../../exec.ts';
import type { DomainMemories } from '../observe/domain-memories.ts';
import { ERROR_CODES, LibvirtError } from '../protocol/errors.ts';
import { AFFECT, DOMAIN_XML, SHUTDOWN, UNDEFINE } from '../protocol/flags.ts';
import { procedures } from '../protocol/procedures.ts';
import type { DomainRef } from '../protocol/procedures.ts';
import type { LibvirtSession } from '../protocol/session.ts';
import type { DiskToMake, DomainStep, NetworkAndPortgroup } from '../step.ts';
import { updatedInterface, withMadeDisks } from '../xml/definition.ts';
import { readNetwork } from '../xml/network.ts';
import { deleteImages, fileExists, makeImage } from './disk-images.ts';
import { StepRefused } from './refused.ts';

export interface DomainTools {
  readonly session: LibvirtSession;
  readonly exec: Exec;
  readonly memories: DomainMemories;
}

/** Starting and ending QEMU, with its ports and its disks, takes libvirt seconds on a busy host. */
const SLOW_CALL_TIMEOUT_MS = 120_000;

/** Carries out one step on a domain. Throws what libvirt throws, and `StepRefused`. */
export async function applyDomainStep(step: DomainStep, { session, exec, memories }: DomainTools): Promise<void> {
  const { uuid } = step.domain;
  const dom = { ...step.domain, id: -1 };
  switch (step.kind) {
    case 'domain-define':
      await define(step.xml, step.disks, session, exec);
      return deleteImages(step.deleteFiles ?? []);
    case 'disk-make':
      return makeAgain(dom, step.disks, session, exec);
    case 'nic-attach':
      await refuseMissing(step.needs, step.domain.name, session);
      return session.call(procedures.domainAttachDeviceFlags, { dom, xml: step.xml, flags: AFFECT.live }, SLOW_CALL_TIMEOUT_MS);
    case 'nic-detach':
      await session.call(procedures.domainDetachDeviceFlags, { dom, xml: step.xml, flags: AFFECT.live }, SLOW_CALL_TIMEOUT_MS);
      memories.detachAsked(uuid, step.mac);
      return;
    case 'nic-update':
      return updateNic(dom, step, session);
    case 'domain-autostart':
      return session.call(procedures.domainSetAutostart, { dom, autostart: step.autostart });
    case 'domain-start':
      await refuseMissing(step.needs, step.domain.name, session);
      await session.call(procedures.domainCreateWithFlags, { dom, flags: 0 }, SLOW_CALL_TIMEOUT_MS);
      memories.started(uuid);
      return;
    case 'domain-resume':
      return session.call(procedures.domainResume, dom);
    case 'domain-shutdown':
      memories.stopAsked(uuid, step.graceMs);
      return session.call(procedures.domainShutdownFlags, { dom, flags: SHUTDOWN.acpiPowerButton });
    case 'domain-destroy':
      memories.destroyed(uuid);
      return session.call(procedures.domainDestroyFlags, { dom, flags: 0 }, SLOW_CALL_TIMEOUT_MS);
    case 'domain-undefine':
      return undefine(dom, step.deleteFiles, session);
  }
}

/** A NIC that is gone by then is no more to be changed: the next plan sees it. */
async function updateNic(dom: DomainRef, { nic, settings }: DomainStep & { readonly kind: 'nic-update' }, session: LibvirtSession): Promise<void> {
  const liveXml = await session.call(procedures.domainGetXmlDesc, { dom, flags: 0 });
  const xml = updatedInterface(liveXml, nic, settings);
  if (xml !== undefined) await session.call(procedures.domainUpdateDeviceFlags, { dom, xml, flags: AFFECT.live }, SLOW_CALL_TIMEOUT_MS);
}

/** The images that we are about to make are written down first: after a crash in between they are still known for ours. */
async function define(xml: string, disks: readonly DiskToMake[], session: LibvirtSession, exec: Exec): Promise<void> {
  const missing = await onlyMissing(disks);
  const paths = missing.map(({ path }) => path);
  await session.call(procedures.domainDefineXmlFlags, { xml: withMadeDisks(xml, paths), flags: 0 });
  for (const disk of missing) await makeImage(disk, exec);
}

async function makeAgain(dom: DomainRef, disks: readonly DiskToMake[], session: LibvirtSession, exec: Exec): Promise<void> {
  const xml = await session.call(procedures.domainGetXmlDesc, { dom, flags: DOMAIN_XML.inactive | DOMAIN_XML.secure });
  await define(xml, disks, session, exec);
}

async function onlyMissing(disks: readonly DiskToMake[]): Promise<DiskToMake[]> {
  const exists = await Promise.all(disks.map(({ path }) => fileExists(path)));
  return disks.filter((_, index) => !exists[index]);
}

/** Looked up at the last moment: a NIC on a portgroup that is not there gets every VLAN. */
async function refuseMissing(needs: readonly NetworkAndPortgroup[], domain: string, session: LibvirtSession): Promise<void> {
  for (const { network, portgroup } of needs) {
    if (await hasPortgroup(network, portgroup, session)) continue;
    const message = `network ${network} has no portgroup ${portgroup}; domain ${domain} gets no NIC on it, since it would be in every VLAN`;
    throw new StepRefused('PortgroupNotFound', message, false);
  }
}

async function hasPortgroup(network: string, portgroup: string, session: LibvirtSession): Promise<boolean> {
  try {
    const net = await session.call(procedures.networkLookupByName, network);
    const xml = await session.call(procedures.networkGetXmlDesc, { net, flags: 0 });
    return readNetwork(xml).portgroups.has(portgroup);
  } catch (error) {
    if (error instanceof LibvirtError && error.code === ERROR_CODES.NO_NETWORK) return false;
    throw error;
  }
}

async function undefine(dom: DomainRef, deleteFiles: readonly string[], session: LibvirtSession): Promise<void> {
  const flags = UNDEFINE.managedSave | UNDEFINE.snapshotsMetadata | UNDEFINE.nvram | UNDEFINE.checkpointsMetadata;
  await deleteImages(deleteFiles);
  await session.call(procedures.domainUndefineFlags, { dom, flags });
}
