import { expect, test } from '@jest/globals';
import { readRequest } from '../../replay/log-request.ts';

test.each([
  ['GET /a?b=1 HTTP/1.1', '/a?b=1'],
  ['GET /a', '/a'],
  ['GET https://shop.example.com:443/a?b HTTP/1.1', '/a?b'],
  ['GET http://evil.example HTTP/1.1', '/'],
  ['GET /caf\u00e9/\\x22x\\xE9 HTTP/1.1', '/caf%C3%A9/%22x%E9'],
  ['GET /a b#c HTTP/1.1', '/a%20b'],
])('%s goes to the target as %s', (line, path) => {
  expect(readRequest(line)).toEqual({ method: 'GET', path });
});

test('what is no request, and a path that servers refuse, are told apart', () => {
  for (const line of [
    'GET /caf\uFFFD',
    '',
    '-',
    '\\x16\\x03\\x01',
    'GET',
    'CONNECT evil.example:443 HTTP/1.1',
    'OPTIONS * HTTP/1.0',
  ])
    expect(readRequest(line)).toBe('malformed');
  expect(readRequest(`GET /${'x'.repeat(100_000)} HTTP/1.1`)).toBe('too-long');
});
