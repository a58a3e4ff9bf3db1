import { isIP, SocketAddress } from 'node:net';

/**
 * An address or network in the form in which the kernel prints it: `2001:DB8:0::1/64` → `2001:db8::1/64`. Without a prefix
 * length it gets the longest. What is no address comes back as it is: netplan is the one to refuse it.
 */
export function normalNetwork(text: string): string {
  const [address = '', prefix] = text.split('/', 2);
  const family = isIP(address);
  if (family === 0) return text;
  return `${normalAddress(address)}/${prefix ?? (family === 4 ? 32 : 128)}`;
}

/** An address in the form in which the kernel prints it. */
export function normalAddress(address: string): string {
  return isIP(address) === 6 ? (knownForms.get(address) ?? learnForm(address)) : address;
}

/** The addresses of a host are asked for again and again, and each costs a `SocketAddress`, which is dear to make and to forget. */
const knownForms = new Map<string, string>();
const MOST_KNOWN = 20_000;

function learnForm(address: string): string {
  const form = new SocketAddress({ address, family: 'ipv6' }).address;
  if (knownForms.size >= MOST_KNOWN) knownForms.clear();
  knownForms.set(address, form);
  return form;
}

/** The address family of an address or network; undefined for `default` and for what is no address. */
export function familyOf(text: string): 4 | 6 | undefined {
  const family = isIP(text.split('/', 1)[0] ?? '');
  return family === 4 || family === 6 ? family : undefined;
}
