// `headroom stress` with Datadog on loopback, and with two sources of the host's figures at once.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readAlarms, readObserved } from '../model/run-folder.ts';
import { connectDatadog } from '../monitors/datadog/datadog.ts';
import { allDefinitions } from '../monitors/definitions/all.ts';
import { applyMonitors } from '../monitors/plan/manage.ts';
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
  const cases: [readonly string[], NodeJS.ProcessEnv, RegExp][] = [
    [['--host', host, '--publish'], { DD_APP_KEY: 'placeholder-x' }, /refused DD_APP_KEY/],
    [['--metrics', 'local', '--metrics', 'node-exporter=http://127.0.0.1:9'], {}, /No node_exporter answers at/],
  ];
  const ended = await Promise.all(cases.map(([args, more]) => stress(['--duration', '1', ...args], more)));
  for (const [index, { code, stdout, stderr }] of ended.entries()) {
    expect(stderr).toMatch(cases[index]?.[2] ?? /never/);
    expect(stderr).not.toMatch(/placeholder|\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  }
  expect(asked).toBe(0);
  expect(existsSync(join(out, 'runs')) ? readdirSync(join(out, 'runs')) : []).toEqual([]);
});

/** A node exporter of a host whose two cores are 60 % busy with programs. */
async function startExporter(): Promise<Server> {
  const beganMs = Date.now();
  const exporter = createServer((_, response) => {
    const nowMs = Date.now();
    const upS = (nowMs - beganMs) / 1000;
    const cores = [0, 1].map(
      (cpu) =>
        `node_cpu_seconds_total{cpu="${cpu}",mode="user"} ${0.6 * upS}\nnode_cpu_seconds_total{cpu="${cpu}",mode="idle"} ${0.4 * upS}`,
    );
    response.end(`${cores.join('\n')}\nnode_time_seconds ${nowMs / 1000}\n`);
  });
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
  return exporter;
}

test('a run with all of it: two sources, metrics and events out, muted, drilled', async () => {
  const definitions = await allDefinitions({ host, recipients: [], tags: [] });
  await applyMonitors({ datadog: connectDatadog({ ...keys, apiUrl: fake.url }), host, definitions });
  for (const monitor of fake.monitors.stored.values()) monitor.overall_state = 'OK';
  fake.metrics.hosts.push({ name: host, aliases: [], tags_by_source: { aws: ['instance-type:t2.medium'] } });
  // A run that was killed has left this one.
  fake.downtimes.stored.set('left', {
    id: 'left',
    type: 'downtime',
    attributes: { message: `headroom stresses ${host} (run r0)` },
  });
  const fromS = Math.floor(Date.now() / 15_000) * 15;
  const points = Array.from({ length: 12 }, (_, index): [number, number] => [fromS + index * 15, 61]);
  fake.metrics.stored.push({ metric: 'system.cpu.user', tags: [`host:${host}`], points });
  const exporter = await startExporter();
  const address = `http://127.0.0.1:${(exporter.address() as AddressInfo).port}`;

  const ended = stress(
    ['--duration', '4', '--host', host, '--metrics', `node-exporter=${address}`, '--metrics', 'datadog'].concat([
      '--publish',
      '--mute',
      '--drill',
      '--threshold',
      'system.cpu.user.max < 70%',
      '--json',
    ]),
    { BUILD_URL: 'https://ci.example.com/job/x/7/' },
  );
  const looks = fake.calls('GET /api/v1/monitor');
  const atLook = async (count: number, state: string) => {
    while (fake.calls('GET /api/v1/monitor') < looks + count) await new Promise((resolve) => setTimeout(resolve, 20));
    const during = [...fake.downtimes.stored.keys()];
    for (const monitor of fake.monitors.stored.values()) {
      if (!monitor.tags.includes('headroom_key:cpu-user')) continue;
      Object.assign(monitor, { overall_state: state, overall_state_modified: new Date().toISOString() });
    }
    return during;
  };
  // The first look tells that there are monitors to drill, before the run.
  const muted = await atLook(2, 'Alert');
  await atLook(3, 'OK');
  const { code, stdout, stderr } = await ended;
  exporter.closeAllConnections();
  exporter.close();

  expect(stderr).toContain('cpu-user: Alert\n');
  expect({ code, asked: asked > 0 }).toEqual({ code: 0, asked: true });
  expect(muted).toEqual(['00000000-0000-0000-0000-000000000001']);
  expect([...fake.downtimes.stored.keys()]).toEqual([]);
  const [run] = JSON.parse(stdout).runs;
  expect(run).toMatchObject({
    instanceType: 't2.medium',
    thresholds: [{ verdict: 'pass', value: expect.any(Number) }],
  });
  // 61 % by Datadog, and that is not the source that judges.
  expect(run.thresholds[0].value).toBeCloseTo(60, 3);
  expect(readObserved(run.dir)?.sources.map(({ source }) => source)).toEqual(['node-exporter', 'datadog']);
  const alarms = readAlarms(run.dir);
  expect(alarms?.host).toBe(host);
  expect(alarms?.backtest.find(({ key }) => key === 'cpu-user')?.transitions).toMatchObject([{ to: 'Alert' }]);
  const drilled = alarms?.drill?.monitors.find(({ key }) => key === 'cpu-user');
  expect(drilled).toMatchObject({ mustFire: true, fired: true, recovered: true });
  expect(fake.metrics.events).toMatchObject([
    { title: `headroom run ${run.id} started` },
    { alert_type: 'success', text: expect.stringMatching(/^PASS: .*\nReport: .*index\.html$/) },
  ]);
  const sent = fake.metrics.stored
    .filter(({ metric }) => metric === 'headroom.throughput')
    .flatMap((each) => each.points);
  expect(sent.length).toBeGreaterThanOrEqual(4);
  expect(readFileSync(join(run.report, 'index.html'), 'utf8')).toContain('Drill: what Datadog reported');
});
