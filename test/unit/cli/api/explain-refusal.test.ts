import { describe, expect, it } from 'vitest';
import { explainRefusal } from '../../../../cli/api/explain-refusal.ts';
import { StatusError, statusErrorOf } from '../../../../cli/api/status-error.ts';

function explain(message: string, field = 'spec.x', reason = 'FieldValueInvalid'): string[] {
  return explainRefusal(new StatusError({ code: 422, reason: 'Invalid', message: '', causes: [{ reason, message, field }] }), () => 'it');
}

describe('explainRefusal', () => {
  // The messages are those of kube-apiserver.
  it.each([
    ['Invalid value: 5000: spec.x in body should be less than or equal to 4094', '5000 is more than 4094'],
    ['Invalid value: -1: spec.x in body should be greater than or equal to 0', '-1 is less than 0'],
    ['Invalid value: "string": spec.x in body must be of type integer: "string"', 'must be an integer, not a string'],
    ['Invalid value: "300.1.1.1/24": spec.x in body must be of type cidr: "300.1.1.1/24"', '"300.1.1.1/24" is no cidr'],
    ['Invalid value: "Ä": spec.x in body should match \'^[a-z]+$\'', '"Ä" does not match ^[a-z]+$'],
    ['Invalid value: "": spec.x in body should be at least 1 chars long', '"" is shorter than 1 characters'],
    ['Too long: may not be more than 15 bytes', 'is longer than 15 bytes'],
    ['Too many: 9: must have at most 8 items', 'has 9 entries, which is more than 8'],
    ['Unsupported value: "zigzag": supported values: "access", "trunk"', '"zigzag" is not one of access, trunk'],
    ['Duplicate value: "eth0"', '"eth0" stands there twice'],
    ['Required value', 'is required'],
    ['Required value: name or generateName is required', 'is required: name or generateName is required'],
    ['Invalid value: an access port has no trunks', 'an access port has no trunks'],
    ['Invalid value: "object": an access port has no trunks', 'an access port has no trunks'],
    ['Invalid value: "a b": must be a name', '"a b": must be a name'],
    ['Forbidden: field is immutable', 'field is immutable'],
    ['something new', 'something new'],
  ])('says %j as %j', (message, plain) => {
    expect(explain(message)).toEqual([`it: spec.x: ${plain}`]);
  });

  it('leaves out what only says that rules were not run, and what was said', () => {
    const error = new StatusError({
      code: 422,
      reason: 'Invalid',
      message: '',
      causes: [
        { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.a' },
        { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.a' },
        { reason: 'FieldValueInvalid', message: 'Invalid value: null: some validation rules were not checked because the object was invalid', field: '<nil>' },
      ],
    });
    expect(explainRefusal(error, (field) => `x:${field}`)).toEqual(['x:spec.a: spec.a: is required']);
  });

  it('reads the fields out of a strict decoding error', () => {
    const message =
      'Portgroup in version "v1alpha1" cannot be handled as a Portgroup: strict decoding error: unknown field "spec.nope", duplicate field "spec.vlan.tag"';
    const error = new StatusError({ code: 400, reason: 'BadRequest', message, causes: [] });
    expect(explainRefusal(error, (field) => `p:${field.length}`)).toEqual([
      'p:9: spec.nope: there is no such field',
      'p:13: spec.vlan.tag: stands there twice',
    ]);
  });

  it('reads the field out of a server-side apply that does not fit the schema', () => {
    const message = 'failed to create typed patch object (/strict; bridgekeeper.dev/v1alpha1, Kind=Portgroup): .spec.nope: field not declared in schema';
    expect(explainRefusal(new StatusError({ code: 400, reason: '', message, causes: [] }), () => 'p')).toEqual(['p: spec.nope: there is no such field']);
    const twice = 'failed to create typed patch object (/x; a/v1, Kind=B): .spec.uplinks: duplicate entries for key [name="eth0"]';
    expect(explainRefusal(new StatusError({ code: 400, reason: '', message: twice, causes: [] }), () => 'p')).toEqual([
      'p: spec.uplinks: duplicate entries for key [name="eth0"]',
    ]);
  });

  it('names the object itself where nobody else does', () => {
    const causes = [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.a' }];
    const error = new StatusError({ code: 422, reason: 'Invalid', message: 'Portgroup.bridgekeeper.dev "vlan-2" is invalid: spec.a: Required value', causes });
    expect(explainRefusal(error)).toEqual(['Portgroup vlan-2: spec.a: is required']);
  });
});

describe('statusErrorOf', () => {
  it('takes the first line of an answer that is no Status', () => {
    expect(statusErrorOf(502, '<html>Bad Gateway</html>\nmore')).toMatchObject({ code: 502, message: '<html>Bad Gateway</html>' });
    expect(statusErrorOf(500, '')).toMatchObject({ code: 500, message: 'the server answered 500' });
  });
});
