import { describe, expect, it } from 'vitest';
import { newEncryptionKey, parseEncryptionKeys, printEncryptionKeys } from '../../../../../api/store/encryption/encryption-key.ts';
import { sealingCodec, UnknownEncryptionKey } from '../../../../../api/store/encryption/sealing-codec.ts';

const PLACE = { resource: 'secrets', name: 'default/a', revision: 7 };
const PLAIN = Buffer.from('{"data":{"password":"tr0ub4dor"}}');

const old = newEncryptionKey(0);
const recent = newEncryptionKey(86_400_000);

describe('sealing values', () => {
  const codec = sealingCodec([recent, old], ['secrets']);

  it('opens what it sealed, and shows nothing of it', () => {
    const sealed = codec.encode(PLACE, PLAIN);
    expect(sealed.toString('latin1')).not.toContain('tr0ub4dor');
    expect(codec.decode(PLACE, sealed)).toEqual(PLAIN);
  });

  it('never seals the same value the same way twice', () => {
    expect(codec.encode(PLACE, PLAIN)).not.toEqual(codec.encode(PLACE, PLAIN));
  });

  it('leaves other resources as they are', () => {
    const place = { ...PLACE, resource: 'configmaps' };
    expect(codec.encode(place, PLAIN)).toBe(PLAIN);
    expect(codec.decode(place, PLAIN)).toBe(PLAIN);
  });

  it.each([
    ['name', { name: 'default/b' }],
    ['resource', { resource: 'configmaps' }],
    ['revision', { revision: 8 }],
  ])('does not open a value under another %s', (_what, other) => {
    expect(() => codec.decode({ ...PLACE, ...other }, codec.encode(PLACE, PLAIN))).toThrow('tampered');
  });

  it('notices a changed bit anywhere after the key id', () => {
    const sealed = codec.encode(PLACE, PLAIN);
    const start = sealed.indexOf(`${recent.id}:`) + recent.id.length + 1;
    for (let at = start; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => codec.decode(PLACE, changed), `byte ${at}`).toThrow('tampered');
    }
  });

  it('opens with an older key and says that it is one', () => {
    const sealed = sealingCodec([old], ['secrets']).encode(PLACE, PLAIN);
    expect(codec.decode(PLACE, sealed)).toEqual(PLAIN);
    expect([sealed, codec.encode(PLACE, PLAIN), PLAIN].map((each) => codec.stateOf(each))).toEqual(['older', 'current', 'plain']);
  });

  it('names the key that it lacks', () => {
    const sealed = codec.encode(PLACE, PLAIN);
    const without = sealingCodec([old], ['secrets']);
    expect(() => without.decode(PLACE, sealed)).toThrow(UnknownEncryptionKey);
    expect(() => without.decode(PLACE, sealed)).toThrow(recent.id);
  });
});

describe('the key file', () => {
  it('is read as it was written', () => {
    expect(parseEncryptionKeys(printEncryptionKeys([recent, old]))).toEqual([recent, old]);
  });

  it.each([
    ['', 'no JSON'],
    ['{"keys":[{"id":"a","secret":"c2VjcmV0"}', 'no JSON'],
    ['{}', 'must be a list'],
    ['{"keys":[]}', 'must be a list'],
    ['{"keys":[{"id":"A b","secret":"x"}]}', 'keys[0].id'],
    ['{"keys":[{"id":"a","secret":"c2VjcmV0"}]}', 'keys[0].secret must be 32 bytes'],
  ])('refuses %j and says no key', (text, problem) => {
    expect(() => parseEncryptionKeys(text)).toThrow(problem);
    expect(() => parseEncryptionKeys(text)).not.toThrow('c2VjcmV0');
  });
});
