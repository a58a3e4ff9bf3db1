import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { at, Daemon, ROOT } from './daemon.ts';

const PROMETHEUS = '127.0.0.1:9090';
const ALERTMANAGER = '127.0.0.1:9093';
const CONFIG = '/run/monitoring';
const BRIDGE = 'apiVersion: bridgekeeper.dev/v1alpha1\nkind: Bridge\nmetadata: {name: br0}\nspec: {uplinks: [{name: eth0}]}\n';
const PORT = 'apiVersion: bridgekeeper.dev/v1alpha1\nkind: VlanPort\nmetadata: {name: mgmt}\nspec: {bridgeName: br0, vlan: {mode: access, tag: 100}}\n';
const RULES = path.join(ROOT, 'deploy/prometheus/bridgekeeper.rules.yaml');
const DASHBOARD = path.join(ROOT, 'deploy/grafana/bridgekeeper.json');

const PROMETHEUS_CONFIG = `
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [${RULES}]
alerting: {alertmanagers: [{static_configs: [{targets: ['${ALERTMANAGER}']}]}]}
scrape_configs:
- job_name: bridgekeeper
  scheme: https
  authorization: {credentials_file: ${CONFIG}/token}
  tls_config: {ca_file: /var/lib/bridgekeeper/pki/ca.crt}
  static_configs: [{targets: ['127.0.0.1:6443']}]
`;
const ALERTMANAGER_CONFIG = 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n';

let lab: Lab;
let daemon: Daemon;

beforeAll(async () => {
  lab = await startLab('monitoring');
  daemon = await Daemon.start(lab);
  await lab.run(['mkdir', '-p', CONFIG]);
  await write('prometheus.yaml', PROMETHEUS_CONFIG);
  await write('alertmanager.yaml', ALERTMANAGER_CONFIG);
  await write('token', (await lab.run(['sed', '-n', 's/^ *token: //p', '/var/lib/bridgekeeper/admin.kubeconfig'])).trim().replace(/^"|"$/g, ''));
  lab.spawn(['prometheus', `--config.file=${CONFIG}/prometheus.yaml`, `--storage.tsdb.path=${CONFIG}/prometheus`, `--web.listen-address=${PROMETHEUS}`]);
  lab.spawn(['prometheus-alertmanager', `--config.file=${CONFIG}/alertmanager.yaml`, `--storage.path=${CONFIG}/alertmanager`, `--web.listen-address=${ALERTMANAGER}`, '--cluster.listen-address=']);
  await daemon.apply(`${BRIDGE}---\n${PORT}---\n${JSON.stringify({ apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'AlertReceiver', metadata: { name: 'am' }, spec: { type: 'alertmanager', url: `http://${ALERTMANAGER}` } })}`);
  await daemon.bridgectl('wait', '--for=condition=Ready', '--all', 'bridge,vlanport', '--timeout=60s');
  await eventually(async () => (await query('up{job="bridgekeeper"}'))[0] === 1, 30_000);
}, 180_000);

afterAll(async () => {
  await lab.down();
});

function write(name: string, text: string): Promise<string> {
  return lab.run(['tee', `${CONFIG}/${name}`], { input: text });
}

/** The values of an instant query of Prometheus. */
async function query(expression: string): Promise<number[]> {
  const { code, stdout } = await lab.exec(['promtool', 'query', 'instant', '--format=json', `http://${PROMETHEUS}`, expression]);
  if (code !== 0) return [];
  const samples: unknown = JSON.parse(stdout);
  return Array.isArray(samples) ? samples.map((sample: unknown) => Number(at(sample, 'value.1'))) : [];
}

/** What Alertmanager holds under this name; `amtool` is its own client. */
async function alerts(name: string): Promise<readonly unknown[]> {
  const { code, stdout } = await lab.exec(['amtool', `--alertmanager.url=http://${ALERTMANAGER}`, 'alert', 'query', '--output=json', `alertname=${name}`]);
  const found: unknown = code === 0 ? JSON.parse(stdout) : [];
  if (!Array.isArray(found)) throw new Error(`amtool printed ${stdout}`);
  return found.map((alert: unknown) => alert);
}

describe('Alertmanager', () => {
  it('is told of drift, with its command', async () => {
    await lab.run(['ovs-vsctl', 'set', 'port', 'mgmt', 'tag=200']);
    const [alert] = await eventually(async () => {
      const found = await alerts('BridgekeeperDriftCorrected');
      return found.length > 0 && found;
    }, 60_000);
    expect(alert).toMatchObject({
      labels: { severity: 'info', host: 'luna', kind: 'VlanPort', name: 'mgmt' },
      annotations: { command: 'ovs-vsctl set port mgmt tag=200', summary: 'DriftCorrected on luna: VlanPort/mgmt' },
      status: { state: 'active' },
    });
  });

  it('is told of what lasts, and of its end', async () => {
    await daemon.apply(PORT.replace('spec: {', 'spec: {driftPolicy: Report, '));
    await lab.run(['ovs-vsctl', 'set', 'port', 'mgmt', 'tag=300']);
    const [alert] = await eventually(async () => {
      const found = await alerts('BridgekeeperDriftDetected');
      return found.length > 0 && found;
    }, 60_000);
    expect(alert).toMatchObject({ labels: { severity: 'warning', name: 'mgmt' }, annotations: { command: 'ovs-vsctl set port mgmt tag=300' } });
    await lab.run(['ovs-vsctl', 'set', 'port', 'mgmt', 'tag=100']);
    // amtool shows what is active.
    await eventually(async () => (await alerts('BridgekeeperDriftDetected')).length === 0, 60_000);
    await daemon.apply(PORT);
  });
});

describe('Prometheus', () => {
  it('has the drift, the time to correct it, the resources and the build', async () => {
    await eventually(async () => (await query('bridgekeeper_drift_total{system="ovs",kind="VlanPort",action="Corrected"}'))[0] === 1, 60_000);
    expect((await query('bridgekeeper_drift_correction_seconds_count{system="ovs"}'))[0]).toBe(1);
    expect((await query('bridgekeeper_drift_correction_seconds_sum{system="ovs"}'))[0]).toBeLessThan(1);
    await eventually(async () => (await query('bridgekeeper_resources{kind="VlanPort",ready="True"}'))[0] === 1, 60_000);
    expect(await query('bridgekeeper_build_info')).toEqual([1]);
    expect((await query('bridgekeeper_alerts_total{receiver="am",result="delivered"}'))[0]).toBeGreaterThanOrEqual(2);
  });

  it('knows every metric that the rules and the dashboard ask for', async () => {
    const names = new Set([RULES, DASHBOARD].flatMap((file) => readFileSync(file, 'utf8').match(/bridgekeeper_\w+/g) ?? []));
    expect(names.size).toBeGreaterThan(10);
    const unknown: string[] = [];
    for (const name of names) if ((await query(`count(${name})`)).length === 0) unknown.push(name);
    expect(unknown).toEqual([]);
  });

  it('takes every expression of the dashboard', async () => {
    const panels: unknown = at(JSON.parse(readFileSync(DASHBOARD, 'utf8')), 'panels');
    const expressions = (Array.isArray(panels) ? panels : []).flatMap((panel: unknown) => {
      const targets = at(panel, 'targets');
      return (Array.isArray(targets) ? targets : []).map((target: unknown) => String(at(target, 'expr')));
    });
    expect(expressions.length).toBeGreaterThan(10);
    for (const expression of expressions) {
      const concrete = expression.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m');
      const { code, stderr } = await lab.exec(['promtool', 'query', 'instant', `http://${PROMETHEUS}`, concrete]);
      expect({ concrete, code, stderr }).toEqual({ concrete, code: 0, stderr: '' });
    }
  });

  it('finds the rules right, and each fires on what it is for', async () => {
    expect(await lab.run(['promtool', 'check', 'rules', RULES])).toContain('SUCCESS');
    expect(await lab.run(['promtool', 'test', 'rules', path.join(import.meta.dirname, 'rules-test.yaml')])).toContain('SUCCESS');
  });

  it('sees that Open vSwitch is gone', async () => {
    await lab.run(['systemctl', 'stop', 'openvswitch-switch']);
    await eventually(async () => (await query('bridgekeeper_ovsdb_connected'))[0] === 0, 60_000);
    await eventually(async () => (await alerts('BridgekeeperHostUnreachable')).length > 0, 60_000);
    await lab.run(['systemctl', 'start', 'openvswitch-switch']);
    await eventually(async () => (await query('bridgekeeper_ovsdb_connected'))[0] === 1, 60_000);
    await eventually(async () => (await alerts('BridgekeeperHostUnreachable')).length === 0, 60_000);
  });
});
