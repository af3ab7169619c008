// Where the keys may go: to the API's address, and into no message.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { checkAccess } from '../../datadog/access.ts';
import { connectDatadog } from '../../datadog/datadog.ts';

const keys = { apiKey: 'placeholder+api/key', appKey: 'placeholder-app-key' };
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The message of a call to an API that answers so. */
async function messageOf(listener: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const datadog = connectDatadog({ ...keys, apiUrl: await serve(listener) }, { maxWaitS: 0 });
  return datadog.listMonitors(['x']).then(
    () => 'no error',
    (error: Error) => error.message,
  );
}

describe('the keys', () => {
  test.each([301, 302, 303, 307, 308])('do not follow a %i to another origin', async (status) => {
    const seen: unknown[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers['dd-api-key']);
      response.end('[]');
    });
    const message = await messageOf((_, response) => response.writeHead(status, { location: `${other}/x?y` }).end());
    expect(seen).toEqual([]);
    expect(message).toBe(
      `${message.split(' ')[0]} redirects to ${other}, and headroom sends its keys nowhere else. Set DD_SITE (for example datadoghq.eu) or DD_API_URL to the address of the API`,
    );
  });

  test.each([
    ['a refusal', (headers: object) => [400, JSON.stringify({ errors: [JSON.stringify(headers)] })] as const],
    ['a refusal that is no list', (headers: object) => [404, JSON.stringify({ headers })] as const],
    ['an answer without a monitor', (headers: object) => [200, JSON.stringify([headers])] as const],
    ['a text', (headers: object) => [400, String(Object.values(headers))] as const],
  ])('stand in no message about %s that echoes the headers', async (_, answer) => {
    const message = await messageOf((request, response) => {
      const [status, body] = answer(request.headers);
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    expect(message).not.toMatch(/placeholder/);
    expect(message).not.toBe('no error');
  });

  test('stand in no message about a limit that is named like them', async () => {
    const message = await messageOf((request, response) => {
      response.writeHead(429, { 'x-ratelimit-name': String(request.headers['dd-api-key']), 'x-ratelimit-reset': '9' });
      response.end();
    });
    expect(message).toContain('(***)');
  });

  test.each([
    ['DD_API_KEY', { ...keys, apiKey: 'placeholder\nkey' }],
    ['DD_APP_KEY', { ...keys, appKey: 'short' }],
    ['DD_APP_KEY', { ...keys, appKey: 'placeholder"key' }],
    ['DD_API_URL', { ...keys, apiUrl: 'http://user:placeholder@127.0.0.1:1' }],
  ])('%s is refused without being printed', (name, access) => {
    expect(() => checkAccess(access)).toThrow(new RegExp(`^${name} (?!.*placeholder)`));
  });
});
