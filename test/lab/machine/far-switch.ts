/**
 * The far end of a virtual machine's uplink, as a program of its own: a switch port, and behind it the machines of the founding
 * document. QEMU sends and takes each Ethernet frame as a UDP datagram. What it should do it is told on a Unix socket, a JSON line
 * a connection; see far-switch-client.ts.
 *
 * usage: far-switch.ts OWN-PORT GUEST-PORT CONTROL-SOCKET
 */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { decodeFrame, encodeFrame } from './frames.ts';
import type { Frame } from './frames.ts';
import { parseRequest } from './far-switch-request.ts';
import type { SwitchRequest } from './far-switch-request.ts';
import { Station } from './station.ts';
import { SwitchPort } from './switch-port.ts';

const LOOPBACK = '127.0.0.1';
const STATIONS = [
  { vlan: 100, address: '192.168.105.1', mac: '02:00:00:69:00:01' },
  { vlan: 100, address: '192.168.105.10', mac: '02:00:00:69:00:0a' },
  { vlan: 100, address: '192.168.105.224', mac: '02:00:00:69:00:e0' },
];

const [ownPort = '', guestPort = '', controlPath = ''] = process.argv.slice(2);
const port = new SwitchPort({ native: 100, tagged: [2, 3, 6, 100] });
const watchers = new Set<(frame: Frame) => void>();
const wire = createSocket('udp4');
const stations = STATIONS.map(({ vlan, address, mac }) => ({
  vlan,
  station: new Station({ address, mac, now: Date.now, send: (frame) => sendToHost(vlan, frame) }),
}));

function sendToHost(vlan: number, frame: Frame): void {
  const tag = port.give(vlan);
  if (tag) wire.send(encodeFrame({ ...frame, ...tag }), Number(guestPort), LOOPBACK);
}

wire.on('message', (bytes) => {
  const frame = decodeFrame(bytes);
  if (!frame) return;
  for (const watcher of watchers) watcher(frame);
  const vlan = port.take(frame);
  for (const each of stations) if (each.vlan === vlan) each.station.receive(frame);
});

/** QEMU is not there yet, or no longer: a cable that is not plugged in. */
wire.on('error', (error) => {
  if (!('code' in error) || error.code !== 'ECONNREFUSED') throw error;
});

async function answer(request: SwitchRequest, client: Socket, ended: AbortSignal): Promise<unknown> {
  switch (request.command) {
    case 'port':
      port.settings = request;
      return port.settings;
    case 'ping': {
      const from = stations.find(({ station }) => station.address === request.from)?.station;
      if (!from) return { error: `there is no ${request.from}; there is ${STATIONS.map(({ address }) => address).join(', ')}` };
      const count = await from.ping(request.address, request.intervalMs, ended);
      return { ...count, mac: from.neighbour(request.address) };
    }
    case 'watch': {
      const watcher = ({ etherType, payload, ...rest }: Frame): void => {
        client.write(`${JSON.stringify({ ...rest, type: etherType.toString(16).padStart(4, '0'), payload: payload.toString('hex') })}\n`);
      };
      watchers.add(watcher);
      ended.addEventListener('abort', () => watchers.delete(watcher), { once: true });
      return undefined;
    }
  }
}

function serve(client: Socket): void {
  const ended = new AbortController();
  client.on('end', () => ended.abort());
  client.on('error', () => ended.abort());
  createInterface({ input: client }).once('line', (line) => {
    const request = parseRequest(line);
    const result = typeof request === 'string' ? Promise.resolve({ error: request }) : answer(request, client, ended.signal);
    void result.then((value) => {
      if (value !== undefined) client.end(`${JSON.stringify(value)}\n`);
    });
  });
}

wire.bind(Number(ownPort), LOOPBACK, () => {
  createServer({ allowHalfOpen: true }, serve).listen(controlPath);
});
