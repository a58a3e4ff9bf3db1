import { describe, expect, it } from 'vitest';
import { listOptions, watchSeconds, watchOptions } from '../../../../../api/server/request/list-options.ts';

const query = (text: string): URLSearchParams => new URLSearchParams(text);

describe('listOptions', () => {
  it('takes what is given and leaves out the rest', () => {
    expect(listOptions(query('limit=5&labelSelector=a%3Db&continue=x&fieldSelector='), 'default')).toEqual({
      namespace: 'default',
      limit: 5,
      labelSelector: 'a=b',
      continueToken: 'x',
    });
    expect(listOptions(query('limit=0'), '')).toEqual({});
  });

  it.each([
    ['limit=x', 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['limit=99999999999999999999', 400, 'value out of range'],
    ['resourceVersionMatch=Exact', 422, 'resourceVersionMatch is forbidden unless resourceVersion is provided'],
    ['resourceVersionMatch=Newest&resourceVersion=1', 422, 'Unsupported value: "Newest": supported values: "Exact", "NotOlderThan", ""'],
    ['resourceVersionMatch=Exact&resourceVersion=0', 422, 'is forbidden for resourceVersion "0"'],
    ['resourceVersionMatch=Exact&resourceVersion=1&continue=x', 422, 'resourceVersionMatch is forbidden when continue is provided'],
    ['sendInitialEvents=true', 422, 'sendInitialEvents is forbidden for list'],
  ])('refuses %s', (text, code, message) => {
    expect(() => listOptions(query(text), '')).toThrow(message);
    expect(() => listOptions(query(text), '')).toThrow(expect.objectContaining({ code }));
  });
});

describe('watchOptions', () => {
  it('takes the watch-list', () => {
    expect(watchOptions(query('sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=1&resourceVersion=7'), '')).toEqual({
      resourceVersion: '7',
      sendInitialEvents: true,
      allowWatchBookmarks: true,
    });
  });

  it.each([
    ['sendInitialEvents=true', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'],
    ['resourceVersionMatch=NotOlderThan', 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'],
    ['sendInitialEvents=false&resourceVersionMatch=Exact', 'Unsupported value: "Exact": supported values: "NotOlderThan"'],
  ])('refuses %s', (text, message) => {
    expect(() => watchOptions(query(text), '')).toThrow(message);
  });
});

describe('timeoutSeconds', () => {
  it('is the client\'s choice when it makes one', () => {
    expect(watchSeconds(query('timeoutSeconds=3'))).toBe(3);
    expect(watchSeconds(query('timeoutSeconds=0'))).toBeUndefined();
    expect(watchSeconds(query('timeoutSeconds=-5'))).toBe(0);
    expect(watchSeconds(query(''))).toBeUndefined();
    expect(() => watchSeconds(query('timeoutSeconds=abc'))).toThrow(expect.objectContaining({ code: 400 }));
  });
});
