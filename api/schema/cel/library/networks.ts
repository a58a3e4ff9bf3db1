import { EvaluationError, type Environment } from '@marcbachmann/cel-js';
import { contains, formatIp, networkAddress, parseCidr, parseIp, type IpAddress, type IpNetwork } from '../../ip-address.ts';

class IpValue {
  readonly address: IpAddress;

  constructor(address: IpAddress) {
    this.address = address;
  }
}

class CidrValue {
  readonly network: IpNetwork;

  constructor(network: IpNetwork) {
    this.network = network;
  }
}

class IpNamespace {}

/** ip, isIP, cidr, isCIDR and what can be asked of them (k8s.io/apiserver, pkg/cel/library/{ip,cidr}.go). */
export function registerNetworks(environment: Environment): void {
  environment.registerType('net.IP', { ctor: IpValue });
  environment.registerType('net.CIDR', { ctor: CidrValue });
  registerIp(environment);
  registerCidr(environment);
}

function registerIp(environment: Environment): void {
  environment.registerFunction('isIP(string): bool', (text: string) => strictIp(text) !== undefined);
  environment.registerFunction('ip(string): net.IP', (text: string) => new IpValue(ipOrThrow(text)));
  environment.registerFunction('string(net.IP): string', ({ address }: IpValue) => formatIp(address));
  environment.registerType('IpNamespace', IpNamespace);
  environment.registerConstant('ip', 'IpNamespace', new IpNamespace());
  environment.registerFunction('IpNamespace.isCanonical(string): bool', (_: unknown, text: string) => formatIp(ipOrThrow(text)) === text);
  environment.registerFunction('net.IP.family(): int', ({ address }: IpValue) => (address.length === 4 ? 4n : 6n));
  environment.registerOperator('net.IP == net.IP: bool', (left: IpValue, right: IpValue) => formatIp(left.address) === formatIp(right.address));
  for (const [name, networks] of PROPERTIES) {
    environment.registerFunction(`net.IP.${name}(): bool`, ({ address }: IpValue) => isIn(address, networks));
  }
  environment.registerFunction('net.IP.isGlobalUnicast(): bool', ({ address }: IpValue) => !isIn(address, NOT_GLOBAL_UNICAST));
}

function registerCidr(environment: Environment): void {
  environment.registerFunction('isCIDR(string): bool', (text: string) => strictCidr(text) !== undefined);
  environment.registerFunction('cidr(string): net.CIDR', (text: string) => new CidrValue(cidrOrThrow(text)));
  environment.registerFunction('string(net.CIDR): string', ({ network }: CidrValue) => cidrText(network));
  environment.registerFunction('net.CIDR.ip(): net.IP', ({ network }: CidrValue) => new IpValue(network.address));
  environment.registerFunction('net.CIDR.prefixLength(): int', ({ network }: CidrValue) => BigInt(network.prefixLength));
  environment.registerFunction('net.CIDR.masked(): net.CIDR', ({ network }: CidrValue) => new CidrValue({ ...network, address: networkAddress(network) }));
  environment.registerFunction('net.CIDR.containsIP(net.IP): bool', ({ network }: CidrValue, { address }: IpValue) => contains(network, address));
  environment.registerFunction('net.CIDR.containsIP(string): bool', ({ network }: CidrValue, text: string) => contains(network, ipOrThrow(text)));
  environment.registerFunction('net.CIDR.containsCIDR(net.CIDR): bool', ({ network }: CidrValue, inner: CidrValue) => containsNetwork(network, inner.network));
  environment.registerFunction('net.CIDR.containsCIDR(string): bool', ({ network }: CidrValue, text: string) => containsNetwork(network, cidrOrThrow(text)));
  environment.registerOperator('net.CIDR == net.CIDR: bool', (left: CidrValue, right: CidrValue) => cidrText(left.network) === cidrText(right.network));
}

const PROPERTIES: ReadonlyMap<string, readonly string[]> = new Map([
  ['isUnspecified', ['0.0.0.0/32', '::/128']],
  ['isLoopback', ['127.0.0.0/8', '::1/128']],
  ['isLinkLocalMulticast', ['224.0.0.0/24', 'ff02::/16']],
  ['isLinkLocalUnicast', ['169.254.0.0/16', 'fe80::/10']],
]);
const NOT_GLOBAL_UNICAST = ['0.0.0.0/32', '255.255.255.255/32', '127.0.0.0/8', '224.0.0.0/4', '169.254.0.0/16', '::/128', '::1/128', 'ff00::/8', 'fe80::/10'];

function isIn(address: IpAddress, networks: readonly string[]): boolean {
  return networks.some((text) => {
    const network = parseCidr(text);
    return network !== undefined && contains(network, address);
  });
}

/** CEL takes no leading zeros and no IPv4 in IPv6, other than formats do. */
function strictIp(text: string): IpAddress | undefined {
  if (/(^|\.)0[0-9]/.test(text) || (text.includes(':') && text.includes('.'))) return undefined;
  return parseIp(text);
}

function strictCidr(text: string): IpNetwork | undefined {
  if (/\/0[0-9]/.test(text) || strictIp(text.split('/')[0] ?? '') === undefined) return undefined;
  return parseCidr(text);
}

function ipOrThrow(text: string): IpAddress {
  const address = strictIp(text);
  if (address === undefined) throw new EvaluationError(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
  return address;
}

function cidrOrThrow(text: string): IpNetwork {
  const network = strictCidr(text);
  if (network === undefined) throw new EvaluationError(`network address parse error during conversion from string: ${JSON.stringify(text)}`);
  return network;
}

function containsNetwork(outer: IpNetwork, inner: IpNetwork): boolean {
  return outer.prefixLength <= inner.prefixLength && contains(outer, inner.address);
}

function cidrText({ address, prefixLength }: IpNetwork): string {
  return `${formatIp(address)}/${prefixLength}`;
}
