import type { GuestNic } from '../guest-nic.ts';
import type { ObservedGuests } from './observed.ts';
import type { FrozenMap } from './replica/row-map.ts';
import type { OvsRows } from './replica/rows.ts';
import type { InterfaceRow } from './schema/rows.ts';

type Nics = ReadonlyMap<string, GuestNic>;

/** Puts together what the hypervisor says of its guests' NICs, what ports Open vSwitch has, and what devices there are. */
export class Guests {
  readonly #hasDevice: (name: string) => boolean;
  #nics: Nics | undefined;
  #all: readonly GuestNic[] = [];
  #unguarded: ReadonlySet<string> = new Set();
  #last: { readonly nics: Nics | undefined; readonly interfaces: FrozenMap<InterfaceRow>; readonly guests: ObservedGuests } | undefined;

  /** `hasDevice`: whether the host has a network device of that name. */
  constructor(hasDevice: (name: string) => boolean) {
    this.#hasDevice = hasDevice;
  }

  /** Takes what the hypervisor says now. Says whether it differs from before. */
  take(nics: readonly GuestNic[]): boolean {
    const before = this.#nics;
    if (before && sameJson(this.#all, nics)) return false;
    // Of two with one MAC address, that of the guest that a resource describes is the one that is spoken of.
    const now = new Map([...nics].sort((a, b) => Number(a.owner !== undefined) - Number(b.owner !== undefined)).map((nic) => [nic.mac, nic]));
    this.#nics = now;
    this.#all = nics;
    // One whose portgroup goes while we look on keeps the VLAN that it has, be it none.
    const cameUp = ({ mac, device }: GuestNic): boolean => before?.get(mac)?.device !== device || this.#unguarded.has(mac);
    this.#unguarded = new Set(nics.filter((nic) => nic.lacksPortgroup && cameUp(nic)).map(({ mac }) => mac));
    return true;
  }

  observe(rows: OvsRows): ObservedGuests {
    const interfaces = rows.indexes.tables.Interface;
    const last = this.#last;
    // That a device under a port comes or goes shows in the port's row; one without a port is looked for each time.
    const isKnown = last !== undefined && last.nics === this.#nics && last.interfaces === interfaces && last.guests.withoutPort.length === 0;
    const guests = isKnown ? last.guests : this.#look(rows);
    const kept = last !== undefined && last.nics === this.#nics && sameJson(facts(last.guests), facts(guests)) ? last.guests : guests;
    this.#last = { nics: this.#nics, interfaces, guests: kept };
    return kept;
  }

  #look(rows: OvsRows): ObservedGuests {
    const nics = [...(this.#nics?.values() ?? [])];
    const devices = new Set(this.#all.map(({ device }) => device));
    const isGone = ({ type, name }: InterfaceRow): boolean => type === '' && !devices.has(name) && !this.#hasDevice(name);
    return {
      nics: this.#nics,
      devices,
      unguarded: this.#unguarded,
      withoutPort: nics.filter(({ mac, device }) => rows.attachedTo(mac).length === 0 && this.#hasDevice(device)),
      gone: new Set(this.#nics === undefined ? [] : rows.guestInterfaces().filter(isGone).map(({ name }) => name)),
    };
  }
}

function facts({ withoutPort, gone }: ObservedGuests): unknown {
  return [withoutPort, [...gone]];
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
