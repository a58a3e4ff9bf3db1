import { describe, expect, it } from 'vitest';
import { render } from '../../../../controller/alerts/render.ts';
import { alert, message, receiver } from './alert-fixture.ts';

const NOW = Date.parse('2026-01-01T04:00:00Z');
const firing = alert({ event: 'Stalled', state: 'Firing', severity: 'Warning', key: 'VlanPort/vnet100 Stalled' });
const resolved = alert({ event: 'Recovered', ends: 'Stalled', state: 'Resolved', severity: 'Warning', endedAt: NOW - 1_000, key: 'VlanPort/vnet100 Stalled' });

function bodyOf(spec: Record<string, unknown>, alerts = [alert()]): unknown {
  return JSON.parse(render(receiver(spec), message(alerts), NOW).body);
}

describe('a message', () => {
  it('to a webhook is all there is, with times as text', () => {
    expect(bodyOf({})).toEqual({
      id: 'm1',
      receiver: 'ops',
      event: 'DriftCorrected',
      alerts: [{ ...alert(), startedAt: '2026-01-01T03:00:00.000Z' }],
    });
  });

  it('has the same id and body at every attempt', () => {
    expect(render(receiver(), message([alert()], { attempts: 3 }), NOW + 5_000)).toEqual(render(receiver(), message(), NOW));
    expect(render(receiver(), message(), NOW).headers['idempotency-key']).toBe('"m1"');
  });

  it('is a CloudEvent 1.0 in structured mode', () => {
    const { headers, body } = render(receiver({ type: 'cloudevents' }), message(), NOW);
    expect(headers['content-type']).toBe('application/cloudevents+json');
    expect(JSON.parse(body)).toEqual({
      specversion: '1.0',
      id: 'm1',
      source: '/apis/bridgekeeper.dev/v1alpha1/hosts/luna',
      type: 'dev.bridgekeeper.alert.DriftCorrected',
      subject: 'VlanPort/vnet100',
      time: '2026-01-01T03:00:00.000Z',
      datacontenttype: 'application/json',
      data: { alerts: [{ ...alert(), startedAt: '2026-01-01T03:00:00.000Z' }] },
    });
  });

  it('of several alerts has no one subject', () => {
    expect(bodyOf({ type: 'cloudevents' }, [alert(), alert({ id: 'a2' })])).not.toHaveProperty('subject');
  });

  it.each([
    ['what is over ends after some minutes', alert(), '2026-01-01T04:05:00.000Z'],
    ['what lasts ends when it is not repeated', firing, '2026-01-01T04:04:00.000Z'],
    ['what has ended ends then', resolved, '2026-01-01T03:59:59.000Z'],
  ])('to Alertmanager: %s', (_what, told, endsAt) => {
    expect(bodyOf({ type: 'alertmanager' }, [told])).toMatchObject([{ startsAt: '2026-01-01T03:00:00.000Z', endsAt }]);
  });

  it('to Alertmanager has the same labels at the beginning and at the end', () => {
    const [first, last] = [firing, resolved].map((told) => bodyOf({ type: 'alertmanager' }, [told])) as [{ labels: unknown }[], { labels: unknown }[]];
    expect(first[0]?.labels).toEqual({ alertname: 'BridgekeeperStalled', severity: 'warning', host: 'luna', kind: 'VlanPort', name: 'vnet100' });
    expect(last[0]?.labels).toEqual(first[0]?.labels);
  });

  it.each([
    ['http://am:9093', 'http://am:9093/api/v2/alerts'],
    ['http://am:9093/prefix/', 'http://am:9093/prefix/api/v2/alerts'],
    ['http://am:9093/api/v2/alerts', 'http://am:9093/api/v2/alerts'],
  ])('to Alertmanager at %s goes to %s', (url, full) => {
    expect(render(receiver({ type: 'alertmanager', url }), message(), NOW).url.href).toBe(full);
  });

  it('to Slack is text in which nothing is markup but the title', () => {
    expect(bodyOf({ type: 'slack' }, [alert({ message: '<!channel> a & b' })])).toEqual({
      text: '*DriftCorrected on luna: VlanPort/vnet100*\nVlanPort/vnet100: &lt;!channel&gt; a &amp; b',
    });
  });

  it('of many alerts counts what does not fit', () => {
    const many = Array.from({ length: 100 }, (_, index) => alert({ id: `a${index}`, message: 'x'.repeat(100) }));
    const { body } = render(receiver({ type: 'ntfy' }), message(many), NOW);
    expect(body.length).toBeLessThan(3_100);
    const lines = body.split('\n');
    expect(lines.at(-1)).toBe(`… and ${100 - (lines.length - 1)} more`);
  });

  it.each([
    ['Critical', '5', 'warning'],
    ['Warning', '4', 'warning'],
    ['Info', '2', 'warning'],
  ] as const)('to ntfy is as urgent as it is severe: %s', (severity, priority, tags) => {
    expect(render(receiver({ type: 'ntfy' }), message([alert({ severity }), alert()]), NOW).headers).toMatchObject({ priority, tags, title: 'DriftCorrected on luna: 2 alerts' });
  });

  it('to ntfy about an end is not urgent', () => {
    expect(render(receiver({ type: 'ntfy' }), message([resolved]), NOW).headers).toMatchObject({ priority: '2', tags: 'white_check_mark' });
  });
});
