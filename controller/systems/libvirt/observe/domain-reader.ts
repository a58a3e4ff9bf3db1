import { access } from 'node:fs/promises';
import type { DomainState, ObservedNic } from '../observed.ts';
import { ERROR_CODES, LibvirtError } from '../protocol/errors.ts';
import { DOMAIN_STATES, DOMAIN_XML } from '../protocol/flags.ts';
import { procedures } from '../protocol/procedures.ts';
import type { DomainRef } from '../protocol/procedures.ts';
import type { LibvirtSession } from '../protocol/session.ts';
import { readDomain } from '../xml/domain.ts';
import type { DomainView } from '../xml/domain.ts';
import type { NicView } from '../xml/interface.ts';
import { DefinitionCache } from './definition-cache.ts';
import { stateReason } from './state-reason.ts';

/** A domain as libvirt tells it, before what we remember of it is added. */
export type ReadDomain = Omit<DomainState, 'memory' | 'missingFiles' | 'addresses'>;

/** Reads the domains, each only when it may have changed since it was last read. */
export class DomainReader {
  readonly #session: LibvirtSession;
  readonly #definitions = new DefinitionCache<DomainView>(readDomain);
  readonly #known = new Map<string, { readonly ref: DomainRef; readonly domain: ReadDomain }>();
  #isAllStale = true;
  readonly #staleUuids = new Set<string>();
  readonly #staleNames = new Set<string>();

  constructor(session: LibvirtSession) {
    this.#session = session;
  }

  /** Everything is read anew next time. */
  forgetAll(): void {
    this.#isAllStale = true;
  }

  /** The domain of that UUID is read anew next time. */
  forget(uuid: string): void {
    this.#staleUuids.add(uuid);
  }

  /** The domain of that name is read anew next time. */
  forgetName(name: string): void {
    this.#staleNames.add(name);
  }

  async readAll(): Promise<Map<string, ReadDomain>> {
    const isFresh = this.#takeFreshness();
    try {
      const refs = await this.#session.call(procedures.connectListAllDomains, { flags: 0 });
      const domains = await Promise.all(refs.map((ref) => this.#freshOrRead(ref, isFresh)));
      this.#dropGone(refs);
      return new Map(domains.flatMap((domain) => (domain ? [[domain.name, domain]] : [])));
    } catch (error) {
      this.forgetAll();
      throw error;
    }
  }

  async #freshOrRead(ref: DomainRef, isFresh: (ref: DomainRef) => boolean): Promise<ReadDomain | undefined> {
    return isFresh(ref) ? this.#known.get(ref.uuid)?.domain : this.#read(ref);
  }

  /** What is forgotten while the read is under way counts for the next one. */
  #takeFreshness(): (ref: DomainRef) => boolean {
    const isAllStale = this.#isAllStale;
    const uuids = new Set(this.#staleUuids);
    const names = new Set(this.#staleNames);
    this.#isAllStale = false;
    this.#staleUuids.clear();
    this.#staleNames.clear();
    return (ref) => {
      const known = this.#known.get(ref.uuid)?.ref;
      const isSame = known?.name === ref.name && known.id === ref.id;
      return isSame && !isAllStale && !uuids.has(ref.uuid) && !names.has(ref.name);
    };
  }

  #dropGone(refs: readonly DomainRef[]): void {
    const uuids = new Set(refs.map(({ uuid }) => uuid));
    for (const uuid of this.#known.keys()) if (!uuids.has(uuid)) this.#known.delete(uuid);
    this.#definitions.keepOnly((key) => uuids.has(key.slice(key.indexOf('/') + 1)));
  }

  /** Undefined for a domain that went away after it was listed. */
  async #read(dom: DomainRef): Promise<ReadDomain | undefined> {
    try {
      const [{ state, reason }, persistent, autostart, configXml, liveXml] = await Promise.all([
        this.#session.call(procedures.domainGetState, { dom, flags: 0 }),
        this.#session.call(procedures.domainIsPersistent, dom),
        this.#session.call(procedures.domainGetAutostart, dom),
        this.#session.call(procedures.domainGetXmlDesc, { dom, flags: DOMAIN_XML.inactive | DOMAIN_XML.secure }),
        this.#session.call(procedures.domainGetXmlDesc, { dom, flags: 0 }),
      ]);
      const word = DOMAIN_STATES[state] ?? 'nostate';
      const isOff = word === 'shutoff' || (word === 'crashed' && dom.id === -1);
      const config = this.#definitions.get(`config/${dom.uuid}`, configXml);
      const live = isOff ? undefined : this.#definitions.get(`live/${dom.uuid}`, liveXml);
      const domain = {
        name: dom.name,
        uuid: dom.uuid,
        owner: config.view.mark?.owner,
        state: word,
        stateReason: stateReason(word, reason),
        autostart,
        persistent,
        config,
        live,
        interfaces: (live ?? config).view.interfaces.map((nic) => observedNic(nic, config.view)),
      };
      this.#known.set(dom.uuid, { ref: dom, domain });
      return domain;
    } catch (error) {
      if (error instanceof LibvirtError && error.code === ERROR_CODES.NO_DOMAIN) return undefined;
      throw error;
    }
  }
}

function observedNic({ mac, source, targetDevice, interfaceId }: NicView, config: DomainView): ObservedNic {
  const hasOwnLimits = config.interfaces.some((nic) => nic.mac === mac && nic.bandwidth !== undefined);
  const nic = { mac, targetDevice, interfaceId, hasOwnLimits };
  switch (source.type) {
    case 'network':
      return { ...nic, network: source.network, portgroup: source.portgroup };
    case 'bridge':
      return { ...nic, bridge: source.bridge };
    case 'other':
      return nic;
  }
}

/** The image files that the domain names and that are not there; looked for only where we could mend it. */
export async function findMissingFiles({ owner, config, live }: ReadDomain): Promise<string[]> {
  if (!owner || live) return [];
  const paths = config.view.disks.flatMap(({ path }) => path ?? []);
  const found = await Promise.all(paths.map(isMissing));
  return paths.filter((_, index) => found[index]);
}

/** A file that can't be looked at is not missing. */
async function isMissing(path: string): Promise<boolean> {
  try {
    await access(path);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}
