/** Something that answers while the host can be reached, and that is asked again after a change. */
export type Probe =
  /** A neighbour on the link answers ARP, or neighbour discovery. */
  | { readonly kind: 'neighbour'; readonly address: string }
  /** An ICMP echo of so many bytes of payload comes back. */
  | { readonly kind: 'ping'; readonly address: string; readonly bytes: number }
  | { readonly kind: 'tcp'; readonly address: string; readonly port: number }
  | { readonly kind: 'http'; readonly url: string };

/** The probe as its place in the Host's spec would name it: `tcp 192.168.105.1:443`. */
export function describeProbe(probe: Probe): string {
  switch (probe.kind) {
    case 'neighbour':
      return `gateway ${probe.address} answers ${probe.address.includes(':') ? 'neighbour discovery' : 'ARP'}`;
    case 'ping':
      return `ping ${probe.address} with ${probe.bytes} bytes`;
    case 'tcp':
      return `tcp ${probe.address.includes(':') ? `[${probe.address}]` : probe.address}:${probe.port}`;
    case 'http':
      return `http ${probe.url}`;
  }
}
