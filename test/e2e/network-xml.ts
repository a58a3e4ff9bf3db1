import { DOMParser } from '@xmldom/xmldom';

/** A libvirt network in meaning: what is set, in an order of its own, without what libvirt adds (uuid, metadata, connections). */
export function readNetworkXml(xml: string): unknown {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement;
  if (!root) throw new Error('no XML');
  const portgroups = [...root.getElementsByTagName('portgroup')].map((portgroup) => ({
    name: portgroup.getAttribute('name'),
    isDefault: portgroup.getAttribute('default') === 'yes',
    trunk: portgroup.getElementsByTagName('vlan')[0]?.getAttribute('trunk') === 'yes',
    tags: [...portgroup.getElementsByTagName('tag')].map((tag) => tag.getAttribute('id')),
  }));
  const child = (name: string): string[] => [...(root.getElementsByTagName(name)[0]?.attributes ?? [])].map(({ name: key, value }) => `${key}=${value}`);
  return {
    name: root.getElementsByTagName('name')[0]?.textContent,
    forward: child('forward'),
    bridge: child('bridge'),
    virtualport: child('virtualport'),
    portgroups: portgroups.sort((a, b) => String(a.name).localeCompare(String(b.name))),
  };
}
