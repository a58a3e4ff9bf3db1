import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ApiError } from '../../../../api/machinery/api-error.ts';
import { decodeContinue, encodeContinue } from '../../../../api/registry/continue-token.ts';

it('is the token of kube-apiserver', () => {
  expect(encodeContinue({ after: 'vlan-2', revision: 10 })).toBe('eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MTAsInN0YXJ0IjoiL3ZsYW4tMlx1MDAwMCJ9');
});

it('reads back what it wrote', () => {
  expect(decodeContinue(encodeContinue({ after: 'default/a.b-c', revision: -1 }))).toEqual({ after: 'default/a.b-c', revision: -1 });
});

it('is refused when it is none, with 400', () => {
  const token = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const valid = { v: 'meta.k8s.io/v1', rv: 1, start: '/a\u0000' };
  for (const text of ['%', 'zzz', 'e30', token({ ...valid, rv: 0 }), token({ ...valid, start: '' }), token({ ...valid, v: 'v2' }), token({ ...valid, start: '/../x' })]) {
    expect(() => decodeContinue(text), text).toThrow('invalid continue token: continue key is not valid');
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        decodeContinue(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ApiError);
      }
    }),
  );
});
