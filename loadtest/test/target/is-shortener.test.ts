import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { openApiDocument } from '../../../app/http/openapi.ts';
import { isShortener } from '../../target/is-shortener.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(status: number, body: string): Promise<string> {
  server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('the shortener is known by its OpenAPI document', async () => {
  expect(await isShortener(await serve(200, JSON.stringify(openApiDocument)), false)).toBe(true);
});

test.each([
  ['the document of another API', 200, '{"openapi":"3.1.0","info":{"title":"another"}}'],
  ['a page for every path', 200, '<title>headroom shortener</title>'],
  ['an error', 404, JSON.stringify(openApiDocument)],
])('%s is not the shortener', async (_, status, body) => {
  expect(await isShortener(await serve(status, body), false)).toBe(false);
});

test('nothing that answers is not the shortener', async () => {
  const origin = await serve(200, '');
  server?.close();
  expect(await isShortener(origin, false)).toBe(false);
});
