import { createSocket } from 'node:dgram';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect, isIPv6 } from 'node:net';
import type { Clock } from '../../../api/machinery/clock.ts';
import { ExecFailed, type Exec } from '../../systems/exec.ts';
import { readNeighbours } from './neighbours.ts';
import type { Probe } from './probe.ts';

export interface ProbeTools {
  readonly exec: Exec;
  readonly clock: Clock;
}

const TIMEOUT_MS = 1_500;
const IP_TIMEOUT_MS = 2_000;
const LOOK_AGAIN_MS = 20;
/** RFC 863: whoever gets it throws it away; it only makes the kernel ask for the neighbour. */
const DISCARD_PORT = 9;
const FIRST_HTTP_ERROR = 400;

/** Asks all at once; gives those that answered. */
export async function passing(probes: readonly Probe[], tools: ProbeTools): Promise<readonly Probe[]> {
  const answers = await Promise.all(probes.map((probe) => passes(probe, tools)));
  return probes.filter((_, index) => answers[index]);
}

/** Asks all at once; gives the first that nobody answered. */
export async function firstFailing(probes: readonly Probe[], tools: ProbeTools): Promise<Probe | undefined> {
  const answered = new Set(await passing(probes, tools));
  return probes.find((probe) => !answered.has(probe));
}

/** Whether the probe is answered within a second and a half. A program that is missing answers nothing. */
async function passes(probe: Probe, tools: ProbeTools): Promise<boolean> {
  try {
    switch (probe.kind) {
      case 'neighbour':
        return await answersOnLink(probe.address, tools);
      case 'ping':
        return await answersPing(probe.address, probe.bytes, tools.exec);
      case 'tcp':
        return await takesConnection(probe.address, probe.port, tools.clock);
      case 'http':
        return await answersHttp(probe.url, tools.clock);
    }
  } catch (error) {
    if (error instanceof ExecFailed) return false;
    throw error;
  }
}

async function answersPing(address: string, bytes: number, exec: Exec): Promise<boolean> {
  const family = isIPv6(address) ? '-6' : '-4';
  const { code } = await exec.run(['ping', family, '-n', '-q', '-c', '1', '-W', '1', '-s', String(bytes), address], { timeoutMs: TIMEOUT_MS });
  return code === 0;
}

/** Forgets what is known of the neighbour, makes the kernel ask for it, and waits for an answer. */
async function answersOnLink(address: string, { exec, clock }: ProbeTools): Promise<boolean> {
  const device = await deviceTo(address, exec);
  if (device === undefined) return false;
  await exec.run(['ip', 'neigh', 'flush', 'to', address, 'dev', device], { timeoutMs: IP_TIMEOUT_MS });
  const giveUpAt = clock.now() + TIMEOUT_MS;
  await nudge(address);
  while (clock.now() < giveUpAt) {
    if ((await readNeighbours(exec)).some((neighbour) => neighbour.address === address && neighbour.device === device && neighbour.isReachable)) return true;
    await clock.sleep(LOOK_AGAIN_MS);
  }
  return false;
}

/** The device over which an address is on the link; undefined where it is behind a gateway or out of reach. */
async function deviceTo(address: string, exec: Exec): Promise<string | undefined> {
  const { code, stdout } = await exec.run(['ip', '-j', 'route', 'get', address], { timeoutMs: IP_TIMEOUT_MS });
  if (code !== 0) return undefined;
  const parsed: unknown = JSON.parse(stdout);
  const route: unknown = Array.isArray(parsed) ? parsed[0] : undefined;
  if (typeof route !== 'object' || route === null || 'gateway' in route || !('dev' in route)) return undefined;
  return typeof route.dev === 'string' ? route.dev : undefined;
}

/** Sends a datagram that nobody reads. Where there is no way, nothing is sent, and nobody will answer. */
function nudge(address: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    // An error of sending comes to the callback, one of the socket as an event.
    socket.once('error', () => resolve());
    socket.send('', DISCARD_PORT, address, () => socket.close(resolve));
  });
}

function takesConnection(address: string, port: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    const cancel = clock.after(TIMEOUT_MS, () => finish(false));
    function finish(answer: boolean): void {
      cancel();
      socket.destroy();
      resolve(answer);
    }
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

function answersHttp(url: string, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const get = url.startsWith('https:') ? httpsGet : httpGet;
    // Whether it answers is asked, not who it is.
    const request = get(url, { rejectUnauthorized: false, agent: false }, (response) => finish((response.statusCode ?? FIRST_HTTP_ERROR) < FIRST_HTTP_ERROR));
    const cancel = clock.after(TIMEOUT_MS, () => finish(false));
    function finish(answer: boolean): void {
      cancel();
      request.destroy();
      resolve(answer);
    }
    request.once('error', () => finish(false));
  });
}
