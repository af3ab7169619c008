import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isEc2, readInstanceMetadata } from '../../cli/instance-metadata.ts';
import { findInstanceHere } from '../../stress/plan/instance-here.ts';

/** The service as AWS describes it: no answer without a token, and a token for a PUT with a time to live alone. */
const service: RequestListener = (request, response) => {
  asked.push(`${request.method} ${request.url}`);
  const answer = (status: number, text: string) => response.writeHead(status).end(text);
  if (request.url === '/latest/api/token') {
    const isAsked = request.method === 'PUT' && request.headers['x-aws-ec2-metadata-token-ttl-seconds'] === '60';
    answer(isAsked ? 200 : 400, 'AQAEAb-token==');
    return;
  }
  if (request.headers['x-aws-ec2-metadata-token'] !== 'AQAEAb-token==') answer(401, 'Unauthorized');
  else answer(200, request.url?.endsWith('instance-type') ? type : 'i-0abc123');
};

let asked: string[];
let type: string;
let folder: string;
let server: Server;
let environment: NodeJS.ProcessEnv;
async function serve(listener: RequestListener): Promise<void> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  environment = {
    AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  };
}
beforeEach(() => {
  asked = [];
  type = 't2.medium';
  folder = mkdtempSync(join(tmpdir(), 'dmi-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  server?.closeAllConnections();
  server?.close();
});

const flags = {
  target: undefined,
  instance: undefined,
  instances: undefined,
  emulate: 'auto',
  host: undefined,
} as const;
async function here(given: Partial<Record<keyof typeof flags, string>> = {}) {
  const said: string[] = [];
  const found = await findInstanceHere({ ...flags, ...given } as typeof flags, environment, (text) => said.push(text));
  return { found, said };
}

test('an instance is known by its type and id, and a flag wins', async () => {
  await serve(service);
  const { found, said } = await here();
  expect(found).toMatchObject({ host: 'i-0abc123', instance: { instanceType: 't2.medium', vcpus: 2 } });
  expect(said).toEqual(['This machine is i-0abc123, a t2.medium']);
  expect(asked).toContain('PUT /latest/api/token');
  // Emulated types are not those of the machine, and neither is a target elsewhere.
  expect((await here({ instances: 't2.micro' })).found).toEqual({ host: 'i-0abc123' });
  expect((await here({ target: 'http://10.0.0.5/' })).found).toEqual({});
  asked = [];
  expect((await here({ instance: 't2.nano', host: 'web-1' })).found).toEqual({});
  expect(asked).toEqual([]);
});

test('a type that the catalogue does not have is named, and not used', async () => {
  type = 'm7i.large';
  await serve(service);
  const { found, said } = await here();
  expect(found).toEqual({ host: 'i-0abc123' });
  expect(said).toEqual(['This machine is i-0abc123, an m7i.large, a type that the catalogue does not have']);
});

test('a service that hangs is left after a second', async () => {
  await serve(() => {});
  const began = performance.now();
  const { found, said } = await here();
  expect(performance.now() - began).toBeGreaterThan(900);
  expect(found).toEqual({});
  expect(said).toEqual([
    'The EC2 metadata service gave no instance type and id: no answer within 1 s. Name them with --instance and --host where they matter',
  ]);
});

const html = '<!DOCTYPE html><html><body>Sign in</body></html>';
test.each<[string, RequestListener, RegExp]>([
  ['answers HTML', (_, response) => response.end(html), /: api\/token is not a token\./],
  [
    'answers HTML behind its token',
    (request, response) => response.end(request.method === 'PUT' ? 'token' : html),
    /: instance-type is not an instance type\./,
  ],
  ['has no token', (_, response) => response.writeHead(404).end(), /: api\/token answered 404\./],
  [
    'leads elsewhere',
    (_, response) => response.writeHead(302, { location: '/login' }).end(),
    /: unexpected redirect\./,
  ],
  ['closes the connection', (request) => request.socket.destroy(), /: other side closed\./],
])('a service that %s is none', async (_, listener, why) => {
  await serve(listener);
  const { found, said } = await here();
  expect(found).toEqual({});
  expect(said).toEqual([expect.stringMatching(why)]);
});

test.each([
  ['sys_vendor', 'QEMU\n', false],
  ['bios_version', 'SeaBIOS 1.16\n', false],
  ['bios_version', '4.11.amazon\n', true],
  ['sys_vendor', 'Amazon EC2\n', true],
  ['board_asset_tag', 'i-0abc123def4567890\n', true],
])('the firmware says whether this is EC2: %s %j', (file, content, found) => {
  expect(isEc2(folder)).toBe(false);
  writeFileSync(join(folder, file), content);
  expect(isEc2(folder)).toBe(found);
});

test('nothing is asked where the service is disabled', async () => {
  await serve(service);
  expect(await readInstanceMetadata({ ...environment, AWS_EC2_METADATA_DISABLED: 'true' })).toBeUndefined();
  expect(asked).toEqual([]);
});
