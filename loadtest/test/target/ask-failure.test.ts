import { expect, test } from '@jest/globals';
import { askFailure } from '../../target/ask-failure.ts';

test.each([
  [
    'TIMEOUT',
    0,
    0,
    'did not respond within 5 s. Check that the target works and that no firewall blocks it, or wait longer: --timeout 10',
  ],
  [
    'TIMEOUT',
    40,
    2,
    'began its response and did not end it within 5 s (2 B of body). Check its Content-Length; a stream without end cannot be measured, or wait longer: --timeout 10',
  ],
  ['CLOSED', 40, 2, "closed the connection mid-response. Check the target's log"],
  ['ECONNRESET', 0, 0, "reset the connection before it responded. Check the target's log"],
  ['ECONNREFUSED', 0, 0, 'refused the connection: nothing listens on that port. Start the target, or check the port'],
  ['HTTP_BAD_CHUNK', 9, 0, 'sends an invalid chunk, which breaks HTTP/1.1. Fix the target'],
])('%s after %i bytes, %i of the body', (code, messageBytes, bodyBytes, text) => {
  expect(askFailure(code, { messageBytes, bodyBytes }, 5)).toBe(text);
});
