import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect, isIPv6 } from 'node:net';
import type { Clock } from '../../../api/machinery/clock.ts';
import { ExecFailed, type Exec } from '../../systems/exec.ts';
import { askNeighbour } from './neighbours.ts';
import type { Probe } from './probe.ts';

export interface ProbeTools {
  readonly exec: Exec;
  readonly clock: Clock;
}

const TIMEOUT_MS = 1_500;
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
        return (await askNeighbour(probe.address, TIMEOUT_MS, tools)) !== undefined;
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
