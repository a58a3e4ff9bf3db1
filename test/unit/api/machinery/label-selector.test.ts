import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLabelSelector, SelectorError } from '../../../../api/machinery/label-selector.ts';

// What matches what, and what is refused how: the cases of k8s.io/apimachinery pkg/labels.
describe('a label selector', () => {
  it.each([
    ['', {}, true],
    ['x=a,y=b', { x: 'a', y: 'b' }, true],
    ['x=a,y=b', { x: 'a' }, false],
    ['x=a', { x: 'z' }, false],
    ['x==a', { x: 'a' }, true],
    ['x=,z= ', { x: '', z: '' }, true],
    ['x= ,z=', { x: '', z: 'c' }, false],
    ['!x', {}, true],
    ['!x', { x: '' }, false],
    ['x', { x: '' }, true],
    ['x!=a', {}, true],
    ['x!=a', { x: 'a' }, false],
    ['x in (a,b)', { x: 'b' }, true],
    ['x in (a,,b)', { x: '' }, true],
    ['x in ()', { x: '' }, true],
    ['x notin (a,b)', { x: 'c' }, true],
    ['x notin (a,b)', {}, true],
    ['x notin (a,b)', { x: 'a' }, false],
    ['x in (in, notin)', { x: 'in' }, true],
    ['x>5', { x: '6' }, true],
    ['x>5', { x: '5' }, false],
    ['x>5', { x: 'six' }, false],
    ['x<5', { x: '-1' }, true],
    ['a.b/c=d,!e', { 'a.b/c': 'd' }, true],
    ['constructor', {}, false],
    ['!toString', {}, true],
  ])('%j on %j: %s', (selector, labels, matches) => {
    expect(parseLabelSelector(selector)(labels)).toBe(matches);
  });

  it.each([
    ['x=a||y=b', "unable to parse requirement: values[0][x]: Invalid value: \"a||y\": a valid label must be"],
    ['x==a==b', "found '==', expected: ',' or 'end of string'"],
    ['!x=a', "found '=', expected: ',' or 'end of string'"],
    ['x<a', "unable to parse requirement: values[0]: Invalid value: \"a\": for 'Gt', 'Lt' operators, the value must be an integer"],
    ['x y', "unable to parse requirement: found 'y', expected: in, notin, =, ==, !=, gt, lt"],
    ['x in (=', "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
    ['x in (a,=', "unable to parse requirement: found '=', expected: ',', or identifier"],
    ['x in a', "unable to parse requirement: found 'a' expected: '('"],
    ['x in (a', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['x,', "found '', expected: identifier after ','"],
    [',x', "found ',', expected: !, identifier, or 'end of string'"],
    ['a b=c', 'unable to parse requirement: found \'b\''],
    ['-a=b', 'unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of'],
  ])('%j is refused', (selector, message) => {
    expect(() => parseLabelSelector(selector)).toThrow(message);
  });

  it('is read or refused, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('x', 'in', ' ', '(', ')', ',', '=', '!', '<', 'notin ', 'é', '\u0000') }), (selector) => {
        try {
          parseLabelSelector(selector)({});
        } catch (error) {
          expect(error).toBeInstanceOf(SelectorError);
        }
      }),
    );
  });
});
