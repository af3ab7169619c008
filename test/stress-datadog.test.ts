// `headroom stress` with Datadog on loopback, and with two sources of the host's figures at once.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type FakeDatadog, keys, startFakeDatadog } from '../monitors/test/fake-datadog/server.ts';
import { type Ended, headroom } from './headroom.ts';

const host = 'i-0abc';
let fake: FakeDatadog;
let out: string;
let target: Server;
let asked: number;
beforeEach(async () => {
  fake = await startFakeDatadog();
  out = mkdtempSync(join(tmpdir(), 'stress-datadog-'));
  asked = 0;
  target = createServer((_, response) => {
    asked++;
    response.end('hi');
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  target.closeAllConnections();
  await new Promise((resolve) => target.close(resolve));
  await fake.close();
  rmSync(out, { recursive: true });
});

const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  DD_API_KEY: keys.apiKey,
  DD_APP_KEY: keys.appKey,
  DD_SITE: '',
  DD_API_URL: fake.url,
  BUILD_URL: '',
  ...more,
});
const stress = (args: readonly string[], more?: NodeJS.ProcessEnv): Promise<Ended> =>
  headroom(
    [
      'stress',
      '--target',
      `http://127.0.0.1:${(target.address() as AddressInfo).port}/page`,
      '--connections',
      '2',
      '--out',
      join(out, 'runs'),
      ...args,
    ],
    undefined,
    environment(more),
  );

test('a mistake is known before the first request', async () => {
  const forHost = ['--duration', '1', '--host', host];
  const cases: [readonly string[], NodeJS.ProcessEnv, RegExp][] = [
    [['--metrics', 'datadog'], { DD_API_KEY: '' }, /DD_API_KEY is not set: make one at/],
    [['--publish'], { DD_APP_KEY: 'placeholder-x' }, /refuses DD_APP_KEY/],
    [['--metrics', 'local', '--metrics', 'node-exporter=http://127.0.0.1:9'], {}, /no node exporter answers at/],
  ];
  const ended = await Promise.all(cases.map(([args, more]) => stress([...forHost, ...args], more)));
  for (const [index, { code, stdout, stderr }] of ended.entries()) {
    expect(stderr).toMatch(cases[index]?.[2] ?? /never/);
    expect(stderr).not.toMatch(/placeholder|\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  }
  expect(asked).toBe(0);
  expect(existsSync(join(out, 'runs')) ? readdirSync(join(out, 'runs')) : []).toEqual([]);
});
