import { describe, expect, it } from 'vitest';
import { configKeyProblems, labelNameProblems, labelValueProblems, qualifiedNameProblems, subdomainProblems } from '../../../../api/machinery/names.ts';

describe('names', () => {
  it.each(['a', 'a-b.c', '1', 'lunafw.parchis.org', 'a'.repeat(253)])('subdomain: %s is one', (name) => expect(subdomainProblems(name)).toEqual([]));
  it.each(['', 'A', 'a_b', '-a', 'a-', 'a..b', '.a', 'a\n', 'é'])('subdomain: %j is none', (name) => expect(subdomainProblems(name)).toHaveLength(1));

  it('are counted in bytes', () => {
    expect(subdomainProblems('a'.repeat(254))).toEqual(['must be no more than 253 bytes']);
    expect(qualifiedNameProblems('a'.repeat(64))).toEqual(['name part must be no more than 63 bytes']);
  });

  it('of namespaces have no dots', () => {
    expect(labelNameProblems('a.b')).toEqual(['must not contain dots']);
    expect(labelNameProblems('a-b')).toEqual([]);
    expect(labelNameProblems('A')[0]).toContain("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'");
  });

  it('of labels may have a prefix', () => {
    expect(qualifiedNameProblems('example.com/My_Name.1')).toEqual([]);
    expect(qualifiedNameProblems('/a')).toEqual(['prefix part must be non-empty']);
    expect(qualifiedNameProblems('a/')[0]).toBe('name part must be non-empty');
    expect(qualifiedNameProblems('a/b/c')[0]).toContain('a valid label key must consist of');
    expect(qualifiedNameProblems('Bad/a')[0]).toContain('prefix part a lowercase RFC 1123 subdomain');
  });

  it('and values of labels', () => {
    expect(labelValueProblems('')).toEqual([]);
    expect(labelValueProblems('a b')).toHaveLength(1);
  });

  it('of keys in config maps are file names', () => {
    expect(configKeyProblems('.dockerconfigjson')).toEqual([]);
    for (const key of ['.', '..', '..x', 'a/b', '']) expect(configKeyProblems(key)).not.toEqual([]);
  });
});
