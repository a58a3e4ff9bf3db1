import { describe, expect, it } from 'vitest';
import { parseReceiver, repeatMs, wants } from '../../../../controller/alerts/receiver.ts';
import { resource } from '../../../fixtures/resources.ts';
import { alert, receiver } from './alert-fixture.ts';

describe('the URL of a receiver', () => {
  it.each([
    ['ftp://example/x', 'neither http: nor https:'],
    ['http://ann:secret@example/x', 'put them into a Secret'],
    ['http://ann@example/x', 'put them into a Secret'],
    ['https://exa mple/', 'is no URL'],
    ['https://[::1/', 'is no URL'],
  ])('%s is refused', (url, why) => {
    expect(parseReceiver(resource('AlertReceiver', 'x', { type: 'webhook', url }))).toMatchObject({
      problem: { reason: 'InvalidURL', message: expect.stringContaining(why) as unknown },
    });
  });

  it('that holds a password is not repeated in what is said of it', () => {
    expect(JSON.stringify(parseReceiver(resource('AlertReceiver', 'x', { type: 'webhook', url: 'http://ann:secret@example/x' })))).not.toContain('secret@');
  });
});

describe('what a receiver asks for', () => {
  const over = alert({ event: 'Recovered', ends: 'Stalled', state: 'Resolved', severity: 'Warning' });

  it.each([
    ['everything by default', {}, alert(), true],
    ['its events', { events: ['DriftCorrected'] }, alert(), true],
    ['no other events', { events: ['Stalled'] }, alert(), false],
    ['its kinds', { kinds: ['VlanPort'] }, alert(), true],
    ['no other kinds', { kinds: ['Bridge'] }, alert(), false],
    ['what is severe enough', { minSeverity: 'Warning' }, alert({ severity: 'Critical' }), true],
    ['not what is less severe', { minSeverity: 'Warning' }, alert(), false],
    ['the end of what was severe enough', { minSeverity: 'Warning' }, over, true],
    ['no end that it does not ask for', { events: ['Stalled'] }, over, false],
    ['the end of what it asks for, where Alertmanager would else go on', { type: 'alertmanager', events: ['Stalled'] }, over, true],
    ['no end of what it does not ask for', { type: 'alertmanager', events: ['Recovered', 'DriftDetected'] }, over, false],
  ])('is %s', (_what, spec, told, wanted) => {
    expect(wants(receiver(spec), told)).toBe(wanted);
  });

  it.each([
    ['as it says', { repeatIntervalSeconds: 60 }, 60_000],
    ['never where that is 0', { repeatIntervalSeconds: 0 }, undefined],
    ['every minute for Alertmanager, which repeats by itself', { type: 'alertmanager', repeatIntervalSeconds: 0 }, 60_000],
  ])('is repeated %s', (_what, spec, ms) => {
    expect(repeatMs(receiver(spec))).toBe(ms);
  });
});
