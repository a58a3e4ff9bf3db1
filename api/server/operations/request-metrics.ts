import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry as MetricsRegistry } from 'prom-client';
import type { RequestInfo } from '../request/request-info.ts';

/** Counts and times requests, under the names that kube-apiserver's dashboards know. */
export interface RequestMetrics {
  finished(info: RequestInfo | undefined, code: number, durationSeconds: number): void;
}

export interface RequestMetricsOptions {
  readonly registry: MetricsRegistry;
  /** Only resources that exist become labels: whoever asks for others must not fill the memory. */
  readonly isServed: (group: string, version: string, resource: string) => boolean;
  readonly inFlight: () => { readonly reading: number; readonly writing: number };
  readonly watches: () => number;
}

const LABELS = ['verb', 'group', 'version', 'resource', 'subresource', 'code'] as const;
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function requestMetrics({ registry, isServed, inFlight, watches }: RequestMetricsOptions): RequestMetrics {
  const registers = [registry];
  const total = new Counter({ name: 'apiserver_request_total', help: 'Requests by verb, resource and code.', labelNames: LABELS, registers });
  const duration = new Histogram({
    name: 'apiserver_request_duration_seconds',
    help: 'How long requests took, watches left out.',
    labelNames: ['verb', 'group', 'resource'] as const,
    buckets: SECONDS,
    registers,
  });
  new Gauge({
    name: 'apiserver_current_inflight_requests',
    help: 'Requests under way, watches left out.',
    labelNames: ['request_kind'] as const,
    registers,
    collect() {
      const { reading, writing } = inFlight();
      this.set({ request_kind: 'readOnly' }, reading);
      this.set({ request_kind: 'mutating' }, writing);
    },
  });
  new Gauge({
    name: 'apiserver_longrunning_requests',
    help: 'Watches under way.',
    registers,
    collect() {
      this.set(watches());
    },
  });
  return {
    finished(info, code, durationSeconds) {
      const labels = labelsOf(info, isServed);
      total.inc({ ...labels, code });
      if (labels.verb !== 'WATCH') duration.observe({ verb: labels.verb, group: labels.group, resource: labels.resource }, durationSeconds);
    },
  };
}

interface RequestLabels {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
}

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

function labelsOf(info: RequestInfo | undefined, isServed: RequestMetricsOptions['isServed']): RequestLabels {
  const nothing = { group: '', version: '', resource: '', subresource: '' };
  if (info?.isResource === true && isServed(info.group, info.version, info.resource)) {
    const { verb, group, version, resource } = info;
    return { verb: verb.toUpperCase(), group, version, resource, subresource: info.subresource === 'status' ? 'status' : '' };
  }
  const verb = info !== undefined && METHODS.includes(info.verb) ? info.verb : 'other';
  return { verb: verb.toUpperCase(), ...nothing };
}
