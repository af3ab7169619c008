// The deployment event of release.sh, against a Datadog on loopback.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type FakeDatadog, keys, startFakeDatadog } from '../../monitors/test/fake-datadog/server.ts';

const script = join(import.meta.dirname, '..', 'dora.sh');
let fake: FakeDatadog;
let folder: string;
let commit: string;
beforeEach(async () => {
  fake = await startFakeDatadog();
  folder = mkdtempSync(join(tmpdir(), 'dora-'));
  git('init', '--quiet');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--allow-empty', '--message', 'x');
  commit = git('rev-parse', 'HEAD').trim();
});
afterEach(async () => {
  await fake.close();
  rmSync(folder, { recursive: true });
});

const git = (...args: string[]): string => spawnSync('git', args, { cwd: folder, encoding: 'utf8' }).stdout;

async function send(environment: Record<string, string>) {
  const command = `say() { echo "$*" >&2; }; . ${script}; send_deployment "20260101T000000Z-7-${commit.slice(0, 7)}" 1767225600000000001`;
  const child = spawn('bash', ['-euo', 'pipefail', '-c', command], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', DD_API_URL: fake.url, ...environment },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  const [code] = await once(child, 'close');
  return { code, said };
}

test('without a key nothing is sent', async () => {
  expect(await send({})).toEqual({ code: 0, said: '' });
  expect(fake.asked).toEqual([]);
});

test('the event names service, environment, version and commit, and no password of the repository', async () => {
  git('remote', 'add', 'origin', 'https://someone:placeholder@git.example.com/me/app.git');
  const { code, said } = await send({ DD_API_KEY: keys.apiKey, DD_SERVICE: 'shop', DD_ENV: 'staging' });
  expect({ code, said }).toEqual({ code: 0, said: 'sent the deployment event to Datadog\n' });
  expect(fake.deployments).toEqual([
    {
      service: 'shop',
      env: 'staging',
      version: commit,
      started_at: expect.any(Number),
      finished_at: expect.any(Number),
      git: { commit_sha: commit, repository_url: 'https://git.example.com/me/app.git' },
    },
  ]);
});

test('a refused key fails no deployment, and is not shown', async () => {
  const { code, said } = await send({ DD_API_KEY: 'placeholder-of-another' });
  expect({ code, said }).toEqual({ code: 0, said: 'Datadog did not take the deployment event (HTTP 403)\n' });
});

test('a Datadog that does not answer fails no deployment', async () => {
  const { code, said } = await send({ DD_API_KEY: keys.apiKey, DD_API_URL: 'http://127.0.0.1:1' });
  expect({ code, said }).toEqual({ code: 0, said: 'Datadog did not take the deployment event (HTTP 000)\n' });
});
