import { append, attributeOf, child, children, ensure, remove } from './dom.ts';
import type { Element } from './dom.ts';

/** Ports for devices plugged in later: a PCI Express machine has one slot a port, and takes no new port while it runs. */
const SPARE_PCIE_PORTS = 8;

/** Controllers that a machine brings along in another form than another one does. */
const OF_MACHINE: ReadonlySet<string | undefined> = new Set(['pci', 'ide', 'sata', 'usb']);

/** Gives the definition the buses of another machine; where each device is on them, libvirt decides (formatdomain.html, "Controllers"). */
export function writeBuses(domain: Element, isPciExpress: boolean): void {
  const devices = ensure(domain, 'devices');
  for (const controller of children(devices, 'controller')) if (OF_MACHINE.has(attributeOf(controller, 'type'))) remove(controller);
  for (const device of children(devices)) {
    const address = child(device, 'address');
    if (address && attributeOf(address, 'type') === 'pci') remove(address);
  }
  if (isPciExpress) appendPcieBuses(devices);
}

/** The buses of a new PCI Express machine. */
export function appendPcieBuses(devices: Element): void {
  append(devices, 'controller', { type: 'pci', model: 'pcie-root' });
  for (let port = 0; port < SPARE_PCIE_PORTS; port += 1) append(devices, 'controller', { type: 'pci', model: 'pcie-root-port' });
}
