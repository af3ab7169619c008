import { expect, test } from '@jest/globals';
import { askFailure } from '../../target/ask-failure.ts';

const [http, https, local] = ['http://10.0.0.1', 'https://10.0.0.1', 'http://localhost:3000'];

test.each([
  [
    'TIMEOUT',
    0,
    0,
    http,
    'did not respond within 5 s. Check that the target works and that no firewall blocks it, or wait longer: --timeout 10',
  ],
  [
    'TIMEOUT',
    40,
    2,
    http,
    'began its response and did not end it within 5 s (2 B of body). Check its Content-Length; a stream without end cannot be measured, or wait longer: --timeout 10',
  ],
  ['CLOSED', 40, 2, http, "closed the connection mid-response. Check the target's log"],
  [
    'CLOSED',
    0,
    0,
    http,
    "closed the connection before it responded. Check the target's log, and use https:// if the port expects TLS",
  ],
  ['ECONNRESET', 0, 0, https, "reset the connection before it responded. Check the target's log"],
  [
    'ECONNREFUSED',
    0,
    0,
    http,
    'refused the connection: nothing listens on that port. Start the target, or check the port',
  ],
  [
    'ECONNREFUSED',
    0,
    0,
    local,
    'refused the connection: nothing listens on that port. Start the target, or check the port and the address: an app on IPv6 alone is at [::1]',
  ],
  ['HTTP_BAD_CHUNK', 9, 0, http, 'sends an invalid chunk, which breaks HTTP/1.1. Fix the target'],
])('%s after %i bytes, %i of the body, from %s', (code, messageBytes, bodyBytes, origin, text) => {
  expect(askFailure(code, { messageBytes, bodyBytes }, 5, origin)).toBe(text);
});
