// `headroom monitors` and `headroom metrics` as a user runs them, against a Datadog on loopback.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FakeDatadog, keys, startFakeDatadog } from '../monitors/test/fake-datadog/server.ts';
import { fixture } from '../reports/test/fixture.ts';
import { type Ended, headroomHere, start } from './headroom.ts';

const host = 'i-0abc';
let fake: FakeDatadog;
let folder: string;
beforeEach(async () => {
  fake = await startFakeDatadog();
  folder = mkdtempSync(join(tmpdir(), 'monitors-command-'));
});
afterEach(async () => {
  await fake.close();
  rmSync(folder, { recursive: true });
});

const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  DD_API_KEY: keys.apiKey,
  DD_APP_KEY: keys.appKey,
  DD_SITE: '',
  DD_API_URL: fake.url,
  ...more,
});
const run = (args: readonly string[], more?: NodeJS.ProcessEnv): Promise<Ended> =>
  headroomHere(args, environment(more));
const monitors = (...args: string[]): Promise<Ended> => run(['monitors', ...args]);

/** A point of the agent's every 15 s. */
function report(metric: string, fromMs: number, values: readonly number[]): void {
  const points = values.map((value, index): [number, number] => [fromMs / 1000 + index * 15, value]);
  fake.metrics.stored.push({ metric, tags: [`host:${host}`], points });
}

describe('plan, apply, list and destroy', () => {
  const forHost = ['--host', host, '--json'];
  const defined = ['--notify', '@ops@example.com', '--notify', '@slack-ops', '--tag', 'team:web', ...forHost];

  test('what was applied leaves nothing to plan, is listed, and is destroyed', async () => {
    fake.monitors.add({ name: 'of somebody else', query: 'avg(last_5m):avg:system.load.1{*} > 1' });
    const applied = await monitors('apply', '--yes', ...defined);
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    const { creates, ...rest } = JSON.parse(applied.stdout);
    expect(rest).toEqual({ updates: [], deletes: [], unchanged: 0, applied: true, dashboard: 'create' });
    expect(creates[0]).toEqual({
      key: 'cpu-user',
      name: 'CPU load is very high on i-0abc',
      id: expect.any(Number),
    });
    const stored = fake.monitors.stored.get(creates[0].id);
    expect(stored?.message).toMatch(/@ops@example.com @slack-ops$/);
    expect(stored?.tags).toContain('team:web');

    const [plan, list] = await Promise.all([monitors('plan', '--yes', ...defined), monitors('list')]);
    expect(plan.code).toBe(0);
    expect(JSON.parse(plan.stdout)).toEqual({
      creates: [],
      updates: [],
      deletes: [],
      unchanged: creates.length,
      applied: false,
      dashboard: 'none',
    });
    expect(list.code).toBe(0);
    expect(list.stdout).toMatch(/^No Data {2}cpu-user .* max\(last_5m\):max:system\.cpu\.user\{host:i-0abc\} >= 50$/m);

    const asked = await monitors('destroy', '--dry-run', ...forHost);
    expect(JSON.parse(asked.stdout)).toMatchObject({ applied: false, dashboard: 'delete' });
    expect(JSON.parse((await monitors('list', ...forHost)).stdout).monitors).not.toEqual([]);
    const destroyed = await monitors('destroy', '--yes', ...forHost);
    expect(destroyed.code).toBe(0);
    expect(JSON.parse(destroyed.stdout)).toMatchObject({ applied: true, dashboard: 'delete' });
    expect([...fake.monitors.stored.values()].map(({ name }) => name)).toEqual(['of somebody else']);
  });

  test('plan --drift exits with 5 when Datadog differs, and with 0 when it does not', async () => {
    const before = await monitors('plan', '--drift', ...forHost);
    expect(before.code).toBe(5);
    expect(JSON.parse(before.stdout)).toMatchObject({ applied: false, dashboard: 'create' });
    await monitors('apply', '--yes', ...forHost);
    expect((await monitors('plan', '--drift', ...forHost)).code).toBe(0);
    const [id = 0] = fake.monitors.stored.keys();
    const stored = fake.monitors.stored.get(id);
    if (stored) stored.name = 'edited by hand';
    expect((await monitors('plan', '--drift', ...forHost)).code).toBe(5);
    expect((await monitors('plan', ...forHost)).code).toBe(0);
  });

  test('thresholds of a file and the tags of the environment go into plan and apply', async () => {
    const file = join(folder, 'mine.json');
    writeFileSync(file, '{"cpu-user": {"critical": 70}, "env:prod": {"cpu-user": {"critical": 80}}}');
    const more = { DD_SERVICE: 'shop', DD_ENV: 'prod', DD_VERSION: '1.2', DD_TAGS: 'team:web' };
    const asked = ['--thresholds', file, ...forHost];
    expect((await run(['monitors', 'apply', '--yes', ...asked], more)).code).toBe(0);
    const stored = [...fake.monitors.stored.values()].find(({ query }) => query.includes('system.cpu.user'));
    expect(stored?.query).toBe('max(last_5m):max:system.cpu.user{host:i-0abc} >= 80');
    expect(stored?.tags).toEqual(expect.arrayContaining(['team:web', 'service:shop', 'env:prod']));
    expect(stored?.tags).not.toContain('version:1.2');
    expect((await run(['monitors', 'plan', '--drift', ...asked], { ...more, DD_VERSION: '1.3' })).code).toBe(0);
    expect((await run(['monitors', 'plan', '--drift', ...asked], { ...more, DD_ENV: 'staging' })).code).toBe(5);
    const missing = await run(['monitors', 'plan', '--host', host, '--thresholds', 'nowhere.json']);
    expect(missing).toMatchObject({
      code: 2,
      stderr: 'headroom: --thresholds nowhere.json cannot be read (ENOENT): check the path\n',
    });
  });

  test('without a terminal and without --yes nothing is asked of Datadog', async () => {
    const { code, stderr } = await monitors('apply', '--host', host);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^headroom: there is no terminal to confirm on.* --yes\n$/);
    expect(fake.asked).toEqual([]);
  });

  test('keys that are missing or refused are named, and never shown', async () => {
    const [missing, refused] = await Promise.all([
      run(['monitors', 'plan', '--host', host, '--json'], { DD_APP_KEY: undefined }),
      run(['monitors', 'plan', '--host', host], { DD_APP_KEY: 'placeholder-of-another' }),
    ]);
    expect(missing.code).toBe(2);
    expect(JSON.parse(missing.stdout)).toEqual({
      error: 'DD_APP_KEY is not set. Create a key at https://app.datadoghq.com/organization-settings/application-keys',
      exitCode: 2,
    });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^headroom: http:\S+ \(DD_API_URL\) refused DD_APP_KEY for .*\n$/);
    expect(refused.stderr).not.toContain('placeholder');
  });

  test('a wait for the rate limit is shown on stderr', async () => {
    fake.fault('GET /api/v1/monitor', { kind: 'limited', resetS: 1 });
    const { code, stderr } = await monitors('list');
    expect(stderr).toBe("Datadog's rate limit (monitor_write) is used up: waiting 1 s\n");
    expect(code).toBe(0);
  });
});

describe('export', () => {
  const noAccount = { DD_API_KEY: undefined, DD_APP_KEY: undefined };
  const exported = (...args: string[]) => run(['monitors', 'export', '--host', host, ...args], noAccount);

  test('prints one file, or writes all to a folder', async () => {
    const printed = await exported('--format', 'json');
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(printed.stdout)).toContainEqual(expect.objectContaining({ type: 'query alert', priority: 1 }));
    const out = join(folder, 'rules');
    const written = await exported('--format', 'prometheus', '--out', out);
    expect(written.stdout).toBe(
      `Written: ${out}/headroom-i-0abc.rules.yml\nWritten: ${out}/headroom-i-0abc.test.yml\n`,
    );
    expect(written.stderr).toMatch(/^(note: \S+ has no rule in Prometheus: .+\n)+$/);
    for (const key of ['cpu-credits', 'nginx-5xx', 'app-p99']) expect(written.stderr).toContain(`note: ${key} has`);
    expect(readFileSync(join(out, 'headroom-i-0abc.test.yml'), 'utf8')).toContain('- "headroom-i-0abc.rules.yml"');
    const document = JSON.parse((await exported('--format', 'prometheus', '--json', '--quiet')).stdout);
    expect(document).toMatchObject({ host, format: 'prometheus', files: [{ name: 'headroom-i-0abc.rules.yml' }, {}] });
  });

  test('into a folder that cannot be written is one sentence', async () => {
    for (const [out, code] of [
      ['/dev/null/rules', 'ENOTDIR'],
      ['/proc', 'ENOENT'],
    ]) {
      const { code: exit, stderr } = await exported('--format', 'json', '--out', String(out));
      const last = stderr.trim().split('\n').at(-1);
      expect([exit, last]).toEqual([
        2,
        `headroom: the monitors cannot be written to ${out} (${code}): give a writable folder with --out`,
      ]);
    }
  });

  test('Terraform imports what Datadog has, and says when it could not ask', async () => {
    const without = await exported('--format', 'terraform');
    expect(without.stdout).not.toContain('import {');
    expect(without.stderr).toBe('note: without import blocks: DD_API_KEY and DD_APP_KEY are not set\n');
    await monitors('apply', '--yes', '--host', host);
    const withKeys = await monitors('export', '--host', host, '--format', 'terraform');
    expect(withKeys.stdout.match(/^import \{$/gm)).toHaveLength(fake.monitors.stored.size);
  });

  test.each([
    [['--format', 'yaml'], '--format'],
    [['--format', 'json', '--out', 'package.json'], '--out package.json is a file: give a folder'],
    [[], 'missing: --format'],
  ])('%j is a mistake', async (args, why) => {
    const { code, stderr } = await exported(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
  });
});

test.each([
  [['monitors'], 'give a command: monitors plan, apply, destroy, drill, backtest, list or export'],
  [['monitors', 'paln', '--host', host], '"paln" is not a known command or flag. Did you mean plan?'],
  [['monitors', 'plan'], 'missing: --host'],
  [['monitors', 'drill', '--host', host, '--minutes', 'two'], '--minutes two is not a number'],
  [['monitors', 'backtest', 'nowhere'], 'nowhere cannot be read (ENOENT)'],
  [['metrics', 'pull', '--host', host, '--from', 'x', '--to', 'y', '--out', 'no/folder/x.json'], '--out no/folder/x'],
])('%j is a mistake of the user', async (args, why) => {
  const { code, stderr, stdout } = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`headroom: ${why}`);
  expect(fake.asked).toEqual([]);
});

test('metrics pull writes a file, which is backtested without an account', async () => {
  const from = Date.UTC(2026, 0, 1, 12);
  report('system.cpu.user', from, [3, 4, 99, 5]);
  const window = ['--from', '2026-01-01T12:00:00Z', '--to', '2026-01-01T12:10:00Z'];
  const out = join(folder, 'cpu.json');
  const pulled = await run(['metrics', 'pull', '--host', host, ...window, '--out', out]);
  expect(pulled.code).toBe(0);
  expect(pulled.stdout).toContain('system.cpu.user            4 points of 15 s, 3 to 99 (percent)');
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
    host,
    from: '2026-01-01T12:00:00.000Z',
    to: '2026-01-01T12:10:00.000Z',
    series: [{ metric: 'system.cpu.user', unit: 'percent', intervalS: 15, points: { length: 4 } }],
  });

  const noAccount = { DD_API_KEY: undefined, DD_APP_KEY: undefined };
  const [tested, swept] = await Promise.all([
    run(['monitors', 'backtest', out, '--json'], noAccount),
    run(['monitors', 'backtest', out, '--sweep'], noAccount),
  ]);
  expect(tested.code).toBe(0);
  expect(JSON.parse(tested.stdout).monitors[0]).toMatchObject({
    key: 'cpu-user',
    transitions: [{ from: 'OK', to: 'Alert', value: 99 }],
  });
  expect(swept).toMatchObject({ code: 2, stderr: expect.stringContaining('--sweep needs a run folder') });
});

test('metrics pull to stdout: the document alone; nothing found is no verdict and leaves no file', async () => {
  report('system.load.1', Date.UTC(2026, 0, 1, 12), [1, 2]);
  const window = ['--host', host, '--from', '2026-01-01T12:00:00Z', '--to', '2026-01-01T12:10:00Z'];
  const [own, nothing, wrong] = await Promise.all([
    run(['metrics', 'pull', ...window, '--metric', `avg:system.load.1{host:${host}}`]),
    run(['metrics', 'pull', ...window, '--metric', 'max:system.cpu.user{host:i-other}', '--json']),
    run(['metrics', 'pull', ...window, '--metric', 'max:system.cpu.user{}', '--out', join(folder, 'x.json')]),
  ]);
  expect(own.code).toBe(0);
  expect(JSON.parse(own.stdout).series).toMatchObject([
    { metric: 'system.load.1', query: 'avg:system.load.1{host:i-0abc}.rollup(avg, 15)' },
  ]);
  expect(own.stderr).toContain('2 points of 15 s');
  expect(nothing.code).toBe(4);
  expect(JSON.parse(nothing.stdout)).toMatchObject({ series: [], missing: ['system.cpu.user'] });
  expect(wrong.code).toBe(2);
  expect(existsSync(join(folder, 'x.json'))).toBe(false);
});

test('a run folder is backtested without an account, its load too', async () => {
  const { code, stdout, stderr } = await run(
    ['monitors', 'backtest', fixture('complete'), '--host', host, '--sweep', '--json'],
    { DD_API_KEY: undefined },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const byKey = new Map(JSON.parse(stdout).monitors.map((monitor: { key: string }) => [monitor.key, monitor]));
  expect(byKey.get('cpu-user')).toMatchObject({
    query: 'max(last_5m):max:system.cpu.user{host:i-0abc} >= 50',
    transitions: expect.any(Array),
    sweep: expect.any(Object),
  });
  expect(byKey.get('app-p99')).toMatchObject({ evaluations: expect.any(Number), worst: expect.any(Number) });
  expect(byKey.get('cpu-credits')).toMatchObject({
    noData: { code: 'metric-not-recorded', metric: 'aws.ec2.cpucredit_balance' },
  });
  expect(fake.asked).toEqual([]);
});

describe('drill', () => {
  const change = (state: string) => {
    for (const monitor of fake.monitors.stored.values()) {
      if (!monitor.tags.includes('headroom_key:cpu-user')) continue;
      Object.assign(monitor, { overall_state: state, overall_state_modified: new Date().toISOString() });
    }
  };
  /** Calls back at the n-th look at the monitors. */
  async function atLook(count: number, then: () => void): Promise<void> {
    while (fake.calls('GET /api/v1/monitor') < count) await new Promise((resolve) => setTimeout(resolve, 20));
    then();
  }

  test('tells which monitor fired and recovered, and how late', async () => {
    expect((await monitors('apply', '--yes', '--quiet', '--host', host)).stdout).toBe('');
    for (const monitor of fake.monitors.stored.values()) monitor.overall_state = 'OK';
    report('system.cpu.user', Math.floor(Date.now() / 15_000) * 15_000 - 60_000, Array(20).fill(95));
    const looks = fake.calls('GET /api/v1/monitor');
    const drilling = monitors(
      'drill',
      '--host',
      host,
      '--minutes',
      '0.28',
      '--expect',
      'cpu-user',
      '--poll',
      '1',
      '--json',
    );
    // The first of all asks whether there are any.
    await atLook(looks + 2, () => change('Alert'));
    await atLook(looks + 4, () => change('OK'));
    const { code, stdout, stderr } = await drilling;
    expect(code).toBe(0);
    expect(stderr).toContain('cpu-user: Alert\n');
    const [first, ...others] = JSON.parse(stdout).monitors;
    expect(first).toMatchObject({ key: 'cpu-user', id: expect.any(Number), fired: true, recovered: true });
    expect(others.every(({ fired }: { fired: boolean }) => !fired)).toBe(true);
    // A window of 16 s holds a whole bucket of Datadog's 15 s; on a shorter one the command waits for points.
  });

  test('one that cannot be held ends at once, and one that is stopped says so', async () => {
    const drilling = ['monitors', 'drill', '--host', host, '--minutes', '30', '--poll', '1', '--json'];
    const refused = await run(drilling, { DD_API_KEY: 'placeholder-of-another' });
    expect(refused.code).toBe(2);
    const nothing = await run(drilling);
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toContain('Datadog has no monitor of headroom for i-0abc');
    expect((await monitors('apply', '--yes', '--quiet', '--host', host)).code).toBe(0);
    const looks = fake.calls('GET /api/v1/monitor');
    const { child, ended } = start(drilling, undefined, environment());
    await atLook(looks + 2, () => change('Alert'));
    await atLook(looks + 4, () => child.kill('SIGINT'));
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/Following \d+ monitors of i-0abc for 30 min, .* at most \d+ min more/);
    // What was seen is not lost.
    const { monitors: seen, warnings, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ error: 'stopped by SIGINT', exitCode: 130 });
    expect(seen[0]).toMatchObject({ key: 'cpu-user', fired: true, recovered: false, firedAt: expect.any(String) });
    expect(warnings).toMatchObject([{ code: 'drill-stopped' }]);
  });
});
