// docs/json.schema.json against what the commands print, and the jq lines of docs/api.md.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type FakeDatadog, keys, startFakeDatadog } from '../monitors/test/fake-datadog/server.ts';
import { fixture } from '../reports/test/fixture.ts';
import { root } from './clone.ts';
import { headroomHere } from './headroom.ts';

const schema = JSON.parse(readFileSync(join(root, 'docs', 'json.schema.json'), 'utf8'));
const ajv = new Ajv2020({ strict: false, logger: false });
addFormats.default(ajv);
ajv.addSchema(schema, 'documents');

let fake: FakeDatadog;
let folder: string;
beforeAll(async () => {
  fake = await startFakeDatadog();
  folder = mkdtempSync(join(tmpdir(), 'documents-'));
  writeFileSync(join(folder, 'trace.json'), '[{"hours": 1, "cpuUtilizationPercent": 50}]');
  const points = Array.from(
    { length: 48 },
    (_, hour) => `2026-01-0${1 + Math.floor(hour / 24)}T${String(hour % 24).padStart(2, '0')}:00:00Z,12`,
  );
  writeFileSync(join(folder, 'cpu.csv'), `time,cpu\n${points.join('\n')}\n`);
});
afterAll(async () => {
  await fake.close();
  rmSync(folder, { recursive: true });
});

async function document(args: readonly string[]): Promise<unknown> {
  const { stdout, stderr } = await headroomHere([...args, '--json'], {
    DD_API_KEY: keys.apiKey,
    DD_APP_KEY: keys.appKey,
    DD_API_URL: fake.url,
  });
  return JSON.parse(stdout || JSON.stringify({ stderr }));
}

const host = ['--host', 'i-0abc'];

/** A folder of two runs of one kind. */
function runs(): string {
  const dir = join(folder, 'runs');
  for (const day of ['01', '02']) {
    const id = `2026-01-${day}`;
    cpSync(fixture('complete'), join(dir, id), { recursive: true });
    const run = JSON.parse(readFileSync(join(dir, id, 'run.json'), 'utf8'));
    writeFileSync(join(dir, id, 'run.json'), JSON.stringify({ ...run, id, startedAt: `${id}T00:00:00.000Z` }));
  }
  return dir;
}
const window = ['--from', '2026-01-01T12:00:00Z', '--to', '2026-01-01T12:10:00Z'];

test.each<[name: string, args: () => readonly string[]]>([
  ['monitorsPlan', () => ['monitors', 'plan', ...host]],
  ['monitorsPlan', () => ['monitors', 'apply', '--yes', ...host]],
  ['monitorsList', () => ['monitors', 'list', ...host]],
  ['monitorsExport', () => ['monitors', 'export', '--format', 'prometheus', ...host]],
  ['monitorsExport', () => ['monitors', 'export', '--format', 'json', '--out', join(folder, 'out'), ...host]],
  ['monitorsBacktest', () => ['monitors', 'backtest', fixture('complete')]],
  ['metricsPull', () => ['metrics', 'pull', ...host, ...window]],
  ['size', () => ['size', fixture('complete'), '--daily', '500000']],
  ['sizeReplay', () => ['size', 'replay', '--instance', 't2.micro', '--trace', join(folder, 'trace.json')]],
  [
    'sizeHistory',
    () => ['size', 'history', join(folder, 'cpu.csv'), '--of', 't2.medium', '--out', join(folder, 'page')],
  ],
  ['report', () => ['report', fixture('complete'), '--out', join(folder, 'report')]],
  [
    'report',
    () => ['report', fixture('complete'), '--baseline', fixture('complete'), '--out', join(folder, 'compared')],
  ],
  ['report', () => ['report', '--trend', fixture('complete'), fixture('complete'), '--out', join(folder, 'trend')]],
  ['reportList', () => ['report', '--list', '--out', join(fixture('complete'), '..')]],
  ['reportPrune', () => ['report', '--prune', '1', '--out', runs()]],
  ['reportPredictions', () => ['report', '--predictions', '--out', join(fixture('complete'), '..')]],
  ['stressOnce', () => ['stress', '--once', '--target', fake.url]],
  ['monitorsPlan', () => ['monitors', 'destroy', '--yes', ...host]],
  ['error', () => ['report', 'nowhere']],
])('a document of %s fits its schema, and no other one', async (name, args) => {
  const given = await document(args());
  const validate = ajv.getSchema(`documents#/$defs/${name}`);
  expect(validate?.(given) || validate?.errors).toBe(true);
  expect(validate?.({})).toBe(false);
});

test('every document of the schema is told from an empty one', () => {
  for (const { $ref } of schema.anyOf) expect(ajv.getSchema(`documents${$ref}`)?.({})).toBe(false);
});

const jq = ['/usr/bin/jq', '/usr/local/bin/jq'].find((path) => existsSync(path));
const withJq = jq || process.env.CI ? test : test.skip;

withJq('the jq lines of docs/api.md print what their documents hold (needs jq)', async () => {
  const page = readFileSync(join(root, 'docs', 'api.md'), 'utf8');
  const programs = [...page.matchAll(/jq -r '([^']+)'/g)].map(([, program = '']) => program);
  expect(programs).toHaveLength(5);
  const { judged } = (await document(['report', fixture('complete'), '--out', join(folder, 'report')])) as {
    judged: { verdict: string; headline: { text: string }; stages: object[]; thresholds: object[] };
  };
  const { verdict, headline, stages } = judged;
  const threshold = { expression: 'errors.rate < 1%', verdict: 'fail' };
  const run = { verdict, headline, runs: [{ stages, thresholds: [threshold, ...judged.thresholds] }] };
  await document(['monitors', 'apply', '--yes', ...host]);
  for (const each of fake.monitors.stored.values()) each.name = 'edited';
  const size = await document(['size', fixture('complete'), '--daily', '500000']);
  const plan = await document(['monitors', 'plan', ...host]);
  const printed = [run, run, run, size, plan].map((input, index) => {
    const { stdout, stderr } = spawnSync(jq ?? 'jq', ['-r', programs[index] ?? ''], {
      input: JSON.stringify(input),
      encoding: 'utf8',
    });
    return `${stderr}${stdout}`;
  });
  expect(printed[0]).toBe(`${verdict}: ${headline.text}\n`);
  expect(printed[1]).toMatch(/^.*: [\d.]+ requests\/s, p99 [\d.]+ ms\n/);
  expect(printed[2]).toBe('errors.rate < 1%: fail\n');
  expect(printed[3]).toMatch(/^t2\.medium: [a-z-]+, [\d.]+ USD a month\n/m);
  expect(printed[4]).toContain('cpu-user: name\n');
});
