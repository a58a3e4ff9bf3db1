import { isYamlMap } from '../../systems/netplan/yaml-value.ts';
import { readNetplanFolders, type ReadFolders } from '../../systems/netplan/netplan-folders.ts';
import { failed, passed, warning, type HealthCheck } from './check.ts';
import type { Machine } from './machine.ts';
import { isOlder, versionIn } from './version.ts';

/** 0.104 came with Ubuntu 22.04; before, `netplan apply` took more down than it had to. */
const OLDEST_NETPLAN = '0.104';

/** `devices`: the devices of the host that manifests ask for. */
export async function netplanChecks(machine: Machine, { devices }: { readonly devices: readonly string[] }): Promise<readonly HealthCheck[]> {
  const single = [installed(machine), networkd(machine), networkManager(machine, devices), cloudInit(machine)];
  return [...(await Promise.all(single)), ...(await files(machine))];
}

async function installed(machine: Machine): Promise<HealthCheck> {
  const works = await machine.run('netplan', 'info');
  if (works === undefined) return failed('netplan', 'netplan is not installed', 'apt install netplan.io');
  if (works.code !== 0) return failed('netplan', `netplan does not work: ${works.stderr.trim()}`, 'apt install --reinstall netplan.io');
  const version = versionIn(await machine.output('dpkg-query', '-W', '-f', '${Version}', 'netplan.io'));
  if (version !== undefined && isOlder(version, OLDEST_NETPLAN)) return warning('netplan', `netplan ${version} is older than ${OLDEST_NETPLAN}`, 'apt install --only-upgrade netplan.io');
  return passed('netplan', `netplan ${version ?? 'works'}`);
}

async function networkd(machine: Machine): Promise<HealthCheck> {
  const name = 'systemd-networkd';
  const state = (await machine.run('systemctl', 'is-active', 'systemd-networkd'))?.stdout.trim() || 'not there';
  if (state === 'active') return passed(name, 'systemd-networkd runs');
  return warning(name, `systemd-networkd is ${state}: devices that netplan leaves to it get no address`, 'systemctl enable --now systemd-networkd');
}

async function networkManager(machine: Machine, devices: readonly string[]): Promise<HealthCheck> {
  const name = 'NetworkManager';
  const table = await machine.output('nmcli', '-t', '-f', 'DEVICE,STATE', 'device');
  if (table === undefined) return passed(name, 'NetworkManager does not run');
  const held = table.split('\n').flatMap((line) => {
    const [device = '', state = ''] = line.split(':');
    return devices.includes(device) && state !== 'unmanaged' && state !== 'unavailable' ? [device] : [];
  });
  if (held.length === 0) return passed(name, 'NetworkManager runs and leaves our devices alone');
  return failed(name, `NetworkManager has ${held.join(', ')} too, and undoes what is set there`, held.map((device) => `nmcli device set ${device} managed no`).join('; '));
}

/** cloud-init writes its netplan file anew at each boot of a new instance. */
async function cloudInit(machine: Machine): Promise<HealthCheck> {
  const name = 'cloud-init';
  const own = '/etc/netplan/50-cloud-init.yaml';
  if (!(await machine.has(own)) || !(await machine.has('/etc/cloud/cloud.cfg'))) return passed(name, 'no netplan file of cloud-init');
  const settings = await Promise.all((await machine.names('/etc/cloud/cloud.cfg.d')).map((file) => machine.text(`/etc/cloud/cloud.cfg.d/${file}`)));
  if (settings.some((text) => /^\s*network:\s*(\{\s*config:\s*disabled\s*\}|\n\s+config:\s*disabled)/m.test(text ?? ''))) return passed(name, `cloud-init no longer writes ${own}`);
  return warning(name, `cloud-init writes ${own} and may bring back what was taken out of it`, "echo 'network: {config: disabled}' > /etc/cloud/cloud.cfg.d/99-disable-network-config.cfg");
}

async function files(machine: Machine): Promise<HealthCheck[]> {
  try {
    return checksOf(await readNetplanFolders(machine.root));
  } catch (error) {
    // Only root may read them, by netplan's own wish.
    return [failed('netplan-files', `netplan's files can not be read: ${error instanceof Error ? error.message : String(error)}`, 'sudo bridgekeeper doctor')];
  }
}

function checksOf({ files: read, hidden }: ReadFolders): HealthCheck[] {
  const broken = read.filter(({ syntaxError }) => syntaxError !== '').map(({ path, syntaxError }) => failed('netplan-files', `${path}: ${syntaxError}`, `edit ${path}, then: netplan generate`));
  const open = read.filter(({ mode }) => (mode & 0o077) !== 0).map(({ path }) => path);
  const owners = read.filter(({ rest, definitions }) => isYamlMap(rest['openvswitch']) || definitions.some(({ stanza }) => stanza['openvswitch'] !== undefined)).map(({ path }) => path);
  return [
    broken[0] ?? (hidden.size > 0 ? warning('netplan-files', [...hidden].map(([file, by]) => `${by} hides ${file} from netplan`).join('; '), [...hidden.values()].map((file) => `rm ${file}`).join('; ')) : passed('netplan-files', `${read.length} ${read.length === 1 ? 'file' : 'files'}, all of them readable`)),
    open.length === 0 ? passed('netplan-modes', 'nobody but root may read them') : warning('netplan-modes', `everybody may read ${open.join(', ')}, which may hold passwords; newer netplan complains`, `chmod 600 ${open.join(' ')}`),
    owners.length === 0
      ? passed('netplan-openvswitch', 'no file makes bridges of Open vSwitch')
      : failed('netplan-openvswitch', `${owners.join(', ')} make${owners.length === 1 ? 's' : ''} bridges of Open vSwitch too: netplan apply would undo ours`, 'take its openvswitch: settings out, then: netplan apply'),
  ];
}
