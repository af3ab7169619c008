// `headroom size` as a user meets it: verdicts, and mistakes in one sentence.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { headroomHere as headroom } from './headroom.ts';

const folder = mkdtempSync(join(tmpdir(), 'size-'));
const fixtures = 'reports/test/fixtures';
const run = join(fixtures, 'complete');

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('judges five types for a day of two million requests', async () => {
  const on = 't2.nano,t2.micro,t2.small,t2.medium,t3.micro';
  const { code, stdout } = await headroom(['size', run, '--on', on, '--daily', '2000000', '--json']);
  const { instances, serviceDemandMs, recommendation } = JSON.parse(stdout);
  expect(instances.map((each: { instanceType: string }) => each.instanceType).join()).toBe(on);
  expect(code).toBe(0);
  expect(serviceDemandMs.low).toBeLessThanOrEqual(serviceDemandMs.value);
  expect(on.split(',')).toContain(recommendation.instanceType);
  expect(recommendation).toMatchObject({ code: 'recommend-type', text: expect.any(String) });
  for (const each of instances) {
    expect(each).toMatchObject({
      verdict: expect.stringMatching(/^(fits|does-not-fit|inconclusive)$/),
      limitedBy: expect.any(String),
      burstPerS: { value: expect.any(Number), low: expect.any(Number), high: expect.any(Number) },
      sustainedPerS: { value: expect.any(Number), low: expect.any(Number), high: expect.any(Number) },
      usdPerMonth: expect.any(Number),
      usdPerMillionRequests: expect.any(Number),
    });
  }
});

test('a run that was made in a pair knows what the other one measured', async () => {
  const [medium = '', micro = ''] = ['t2.medium', 't2.micro'].map((instanceType) => {
    const dir = join(folder, instanceType);
    cpSync(run, dir, { recursive: true });
    const record = JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8'));
    writeFileSync(
      join(dir, 'run.json'),
      JSON.stringify({ ...record, id: instanceType, target: { ...record.target, instanceType } }),
    );
    return dir;
  });
  const sizing = { schemaVersion: 1, from: 't2.medium', runs: ['t2.medium', 't2.micro'], projected: false };
  const empty = { types: [], predictions: [], recommendation: '' };
  writeFileSync(join(medium, 'sizing.json'), JSON.stringify({ ...sizing, ...empty }));
  const measured = async () => {
    const { stdout } = await headroom(['size', medium, '--on', 't2.micro', '--json']);
    return JSON.parse(stdout).instances[0].measured?.run;
  };
  expect(await measured()).toBe('t2.micro');

  const question = async () => {
    const { stdout, code } = await headroom(['report', micro, '--baseline', medium, '--json']);
    expect(code).toBe(0);
    return JSON.parse(stdout).comparison.decision.question.text;
  };
  expect(await question()).toBe('Can this workload move from t2.medium to t2.micro?');
  const flat = { source: '5 requests a day', pieces: [{ hours: 24, ratePerS: 1 }], startHour: 0, notes: [] };
  // A file of version 1 held sentences.
  const told = { traffic: { ...flat, requestsPerDay: 86_400, peakPerS: 1 } };
  writeFileSync(join(medium, 'sizing.json'), JSON.stringify({ ...sizing, ...empty, told }));
  writeFileSync(join(micro, 'sizing.json'), JSON.stringify({ ...sizing, ...empty, told: {} }));
  expect(await question()).toBe('Can this workload, 5 requests a day, move from t2.medium to t2.micro?');
  rmSync(micro, { recursive: true });
  expect(await measured()).toBeUndefined();
});

test('counts and names what is odd in an access log', async () => {
  const line = (time: string, more = '') => `1.2.3.4 - - [${time}] "GET /abc HTTP/1.1" 302 0${more}`;
  const log = file(
    'access.log',
    [
      line('20/Nov/2026:10:00:01 +0000', ' "-" "curl"'),
      line('20/Nov/2026:09:59:30 +0000'),
      'not a line of a log',
      line('20/Nov/2026:12:01:00 +0200'),
    ].join('\n'),
  );
  const { code, stdout } = await headroom(['size', run, '--traffic', log, '--json']);
  expect(JSON.parse(stdout).traffic.notes.map(({ text }: { text: string }) => text)).toEqual([
    'access log, combined log format and common log format: 3 requests from 2026-11-20 09:59:30 UTC to 2026-11-20 10:01:00 UTC (1 min 30 s)',
    '1 of 4 lines could not be parsed (line 3), the first is "not a line of a log"',
    '1 line out of order, by up to 31 s: sorted by time',
    'times in time zones +0000, +0200: converted to UTC',
    expect.stringContaining('the rest of the day is assumed to be the same'),
  ]);
  // A quarter of the lines is missing, and the rest is three minutes: no verdict rests on that.
  expect(code).toBe(4);
  const { instances, recommendation } = JSON.parse(stdout);
  expect(instances[0]).toMatchObject({ verdict: 'inconclusive', limitedBy: 'measurement' });
  expect(instances[0].because).toMatchObject({
    code: 'traffic-unreliable',
    text: expect.stringContaining('25 % of the lines could not be parsed, so their requests are missing'),
  });
  expect(recommendation.nextExperiment).toMatchObject({ code: 'next-whole-day' });
});

test('a run without CPU data has no verdict', async () => {
  const { code, stdout } = await headroom(['size', join(fixtures, 'no-data'), '--daily', '100', '--json']);
  const { instances, recommendation } = JSON.parse(stdout);
  expect(code).toBe(4);
  expect(new Set(instances.map((each: { verdict: string }) => each.verdict))).toEqual(new Set(['inconclusive']));
  expect(recommendation.nextExperiment.text).toContain('--metrics local');
  expect(stdout).not.toContain('null');
});

test.each([
  [
    'an unknown type',
    ['--on', 't2.mcro'],
    '"t2.mcro" is not an instance type of the catalogue (t2, t3, t3a, t4g, m7i-flex, c7i-flex, Azure B, e2). Did you mean t2.micro? Add other types with --types FILE.',
  ],
  ['no traffic file', ['--traffic', '/nowhere/day.csv'], 'traffic file /nowhere/day.csv does not exist'],
  ['traffic twice', ['--traffic', 'x', '--daily', '5'], 'Use one of them'],
  [
    'a credit balance without traffic',
    ['--start', 'empty'],
    '--start is the credit balance that the traffic begins with: add --daily N',
  ],
  ['builds of unknown size', ['--builds', '12'], '--builds: no build ran beside this load'],
])('%s is a mistake', async (_, flags, message) => {
  const { code, stdout, stderr } = await headroom(['size', run, ...flags]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
