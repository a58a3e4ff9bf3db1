import { describe, expect, it } from 'vitest';
import { kubernetesEnvironment } from '../../../../../api/schema/cel/environment.ts';
import { compileExpression } from '../../../../../api/schema/cel/expression.ts';

function holds(source: string): unknown {
  return compileExpression(kubernetesEnvironment(), source, 'bool').evaluate({});
}

describe("Kubernetes' CEL functions", () => {
  it.each([
    '[1, 2, 2].isSorted()',
    '![2.0, 1.0].isSorted()',
    "['a', 'b'].isSorted() && ![b'b', b'a'].isSorted()",
    '[1, 3].sum() == 4',
    '[1.5, 3.0].sum() == 4.5',
    '[3, 1, 2].min() == 1 && [3, 1, 2].max() == 3',
    "['b', 'a'].min() == 'a'",
    '[1, 2, 2].indexOf(2) == 1 && [1, 2, 2].lastIndexOf(2) == 2 && [1].indexOf(9) == -1',
    "'abc 123'.find('[0-9]+') == '123' && 'abc'.find('[0-9]+') == ''",
    "'1 22 333'.findAll('[0-9]+') == ['1', '22', '333'] && '1 22 333'.findAll('[0-9]+', 2) == ['1', '22']",
    "'abc'.matches('^a.c$') && !'abd'.matches('^a.c$')",
    "matches('abc', 'b')",
    "'TacoCat Ñ'.lowerAscii() == 'tacocat Ñ' && 'ñ a'.upperAscii() == 'ñ A'",
    "'tacocat'.charAt(3) == 'o'",
    "'a-b-c'.replace('-', '+') == 'a+b+c' && 'a-b-c'.replace('-', '+', 1) == 'a+b-c'",
    "'a,b'.split(',').join(';') == 'a;b'",
    "'%s is %d and %.2f and %x'.format([dyn('x'), dyn(3), dyn(1.5), dyn(255)]) == 'x is 3 and 1.50 and ff'",
    "'100%%'.format([]) == '100%'",
    "strings.quote('a\"b') == '\"a\\\\\"b\"'",
    "isURL('https://user:pass@example.com:80/path?query=val#fragment') && isURL('/absolute-path') && !isURL('../relative-path')",
    "url('https://example.com:80/a b?k1=a&k2=b&k2=c').getHost() == 'example.com:80'",
    "url('https://example.com/').getPort() == '' && url('https://example.com:443/').getPort() == '443'",
    "url('https://[::1]:80/').getHostname() == '::1' && url('/path').getHost() == '' && url('/path').getScheme() == ''",
    "url('https://example.com').getEscapedPath() == '' && url('https://example.com/a b/').getEscapedPath() == '/a%20b/'",
    "url('https://example.com/?k2=b&k2=c').getQuery()['k2'] == ['b', 'c']",
    "isIP('127.0.0.1') && isIP('::1') && !isIP('127.0.0.256') && !isIP(':::1') && !isIP('010.0.0.1') && !isIP('::ffff:1.2.3.4')",
    "ip('127.0.0.1').family() == 4 && ip('::1').family() == 6",
    "ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD') && !ip.isCanonical('2001:db8::0:0:0:abcd')",
    "ip('127.0.0.1').isLoopback() && ip('::').isUnspecified() && ip('ff02::1').isLinkLocalMulticast() && ip('fe80::1').isLinkLocalUnicast()",
    "ip('192.168.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast() && !ip('ff00::1').isGlobalUnicast()",
    "string(ip('2001:DB8:0:0::1')) == '2001:db8::1' && ip('2001:db8::1') == ip('2001:DB8::1')",
    "isCIDR('192.168.0.0/24') && !isCIDR('192.168.0.0') && !isCIDR('192.168.0.0/33')",
    "cidr('192.168.0.0/24').containsIP('192.168.0.1') && !cidr('192.168.0.0/24').containsIP(ip('192.168.1.1'))",
    "cidr('192.168.0.0/24').containsCIDR('192.168.0.0/25') && !cidr('192.168.0.0/24').containsCIDR(cidr('192.168.0.0/23'))",
    "cidr('192.168.0.9/24').masked() == cidr('192.168.0.0/24') && cidr('::1/128').prefixLength() == 128 && cidr('10.0.0.9/8').ip() == ip('10.0.0.9')",
    "isQuantity('1.3Gi') && !isQuantity('1,3G') && !isQuantity('200K') && !isQuantity('Mi')",
    "quantity('50k').add(20).sub(quantity('100k')).sub(-50000) == quantity('20')",
    "quantity('200M').compareTo(quantity('0.2G')) == 0 && quantity('50Mi').isGreaterThan(quantity('50M'))",
    "quantity('50k').asInteger() == 50000 && !quantity('9999999999999999999999999999999999999G').isInteger() && quantity('-1').sign() == -1",
    "sets.contains([1, 2, 3], [2]) && sets.equivalent([1, 2], [2, 1, 1]) && sets.intersects([1], [1, 2]) && !sets.contains([1], [2])",
    "!format.dns1123Label().validate('my-label').hasValue() && format.dns1123Label().validate('My_label').hasValue()",
    "format.named('uuid').hasValue() && !format.named('nope').hasValue()",
    'optional.of(1).orValue(2) == 1 && optional.none().orValue(2) == 2',
    "{'a': 1}.?b.orValue(3) == 3",
    "[1, 2, 3].map(x, x * 2).filter(x, x > 2).exists_one(x, x == 4)",
    "timestamp('2026-01-01T00:00:00Z') < timestamp('2026-01-02T00:00:00Z') && duration('90m') > duration('1h')",
    'dyn(1) == 1.0 && 2 > 1.5',
  ])('%s', (source) => {
    expect(holds(source)).toBe(true);
  });

  it.each(["ip('256.0.0.1') == ip('::1')", "quantity('Three').isInteger()", "url('../x').getHost() == ''", "'a'.matches('(')", '[1].map(x, 1 / (x - 1)) == []', "[1].filter(x, false).min() == 1"])('%s can not be evaluated', (source) => {
    expect(() => holds(source)).toThrow();
  });

  it.each(["'a'.shout()", '1 == 1.0', 'nope(1)', '1 + "a" == 2', "'a'.replace(1) == ''"])('%s does not compile', (source) => {
    expect(() => holds(source)).toThrow();
  });

  it('matches in linear time', () => {
    const started = process.cpuUsage().user;
    const expression = compileExpression(kubernetesEnvironment().registerVariable('self', 'string'), "self.matches('^(a+)+$')", 'bool');
    expect(expression.evaluate({ self: `${'a'.repeat(5000)}!` })).toBe(false);
    expect(process.cpuUsage().user - started).toBeLessThan(1_000_000);
  });
});
