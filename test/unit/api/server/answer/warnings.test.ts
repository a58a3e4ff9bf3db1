import { ServerResponse, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { addWarnings } from '../../../../../api/server/answer/warnings.ts';

function warningsOf(texts: readonly string[]): unknown {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  addWarnings(response, texts);
  return response.getHeader('warning');
}

describe('addWarnings', () => {
  it('sends each text once, quoted', () => {
    expect(warningsOf(['unknown field "spec.nope"', 'b\\c', 'b\\c'])).toEqual(['299 - "unknown field \\"spec.nope\\""', '299 - "b\\\\c"']);
  });

  it('sends no header for none', () => {
    expect(warningsOf([])).toBeUndefined();
  });

  it('lets no line end, control or letter through that a header can\'t hold', () => {
    expect(warningsOf(['a\r\nSet-Cookie: x\u0000', 'lūna'])).toEqual(['299 - "a Set-Cookie: x "', '299 - "l?na"']);
  });

  it('stops before a client\'s limit', () => {
    const many = Array.from({ length: 100 }, (_, index) => `${index}${'x'.repeat(100)}`);
    expect(String(warningsOf(many)).length).toBeLessThan(5000);
  });
});
