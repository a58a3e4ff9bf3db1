/**
 * One way by which somebody reaches this host now, or the host reaches the world. What runs over it would be cut off with it.
 */
export interface WayIn {
  readonly kind: 'SshSession' | 'ApiConnection' | 'ApiListener' | 'DefaultRoute';
  /** The kernel's device that it runs over. */
  readonly device: string;
  /** The local address, without prefix length; a default route has none. */
  readonly address?: string;
  /** The far end: the peer of a session, the gateway of a route where it has one. */
  readonly peer?: string;
}

/** The way in, in words that a sentence can begin with: `the SSH session from 10.0.0.5`. */
export function describeWayIn({ kind, address, peer, device }: WayIn): string {
  switch (kind) {
    case 'SshSession':
      return `the SSH session from ${peer ?? 'unknown'}`;
    case 'ApiConnection':
      return `the API connection from ${peer ?? 'unknown'}`;
    case 'ApiListener':
      return `the API at ${address ?? 'unknown'}`;
    case 'DefaultRoute':
      return `the default route ${peer === undefined ? `out of ${device}` : `via ${peer}`}`;
  }
}
