import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UserError } from '../../../model/user-error.ts';
import type { Clock } from '../../datadog/clock.ts';
import { connectDatadog } from '../../datadog/datadog.ts';
import { allDefinitions } from '../../definitions/all.ts';
import { applyMonitors, destroyMonitors, listMonitors, planMonitors } from '../../plan/manage.ts';
import { type FakeDatadog, type Fault, keys, startFakeDatadog } from '../fake-datadog/server.ts';

const host = 'i-0abc';
const definitions = await allDefinitions({ host, recipients: ['@ops@example.com'], tags: ['team:web'] });
let fake: FakeDatadog;
beforeEach(async () => {
  fake = await startFakeDatadog();
});
afterEach(() => fake.close());

/** Waits take no time and are counted. */
function connect(more: { apiKey?: string; appKey?: string; timeoutMs?: number } = {}) {
  const waits: number[] = [];
  const clock: Clock = { now: () => Date.now(), sleep: async () => undefined };
  const datadog = connectDatadog(
    { ...keys, apiUrl: fake.url, ...more },
    { clock, timeoutMs: more.timeoutMs ?? 5000, onWait: (_, waitS) => waits.push(waitS) },
  );
  return { datadog, waits, options: { datadog, host, definitions } };
}

describe('plan and apply', () => {
  test('after apply the plan is empty, whatever defaults the server fills in', async () => {
    const { options } = connect();
    const first = await applyMonitors(options);
    expect(first.document.creates.map(({ key }) => key)).toEqual(definitions.map(({ key }) => key));
    expect(first.document).toMatchObject({
      applied: true,
      updates: [],
      deletes: [],
      unchanged: 0,
      dashboard: 'create',
    });
    const second = await planMonitors(options);
    expect(second.document).toEqual({
      creates: [],
      updates: [],
      deletes: [],
      unchanged: definitions.length,
      applied: false,
      dashboard: 'none',
    });
    expect(second.text).toContain('No changes');
  });

  test('a server that trims names and keeps each tag once, in lower case, differs in nothing', async () => {
    const { options } = connect();
    const untidy = definitions.map((each) => ({
      ...each,
      name: ` ${each.name}\n`,
      tags: ['env:prod', 'Env:prod', 'Team:Web'],
    }));
    await applyMonitors({ ...options, definitions: untidy });
    const { document } = await planMonitors({ ...options, definitions: untidy });
    expect(document).toMatchObject({ creates: [], updates: [], unchanged: definitions.length });
  });

  test.each(['Web__1', 'web_', '\u0130stanbul-1', '\u00f6'.repeat(230), 'i-0ABC', 'a:b/c.d'])(
    'the host %s keeps its monitors, whatever Datadog makes of its tag',
    async (name) => {
      const { datadog } = connect();
      const tags = [`team:${'\u{10400}'.repeat(220)}`, 'Kosten:100%__\u2013', 'e\u0301tage:2'];
      const options = { datadog, host: name, definitions: await allDefinitions({ host: name, recipients: [], tags }) };
      await applyMonitors(options);
      const { document } = await planMonitors(options);
      expect(document).toMatchObject({ creates: [], updates: [], deletes: [], unchanged: definitions.length });
      expect((await listMonitors({ datadog, host: name })).document.monitors).toHaveLength(definitions.length);
      await destroyMonitors(options);
      expect(fake.monitors.stored.size).toBe(0);
    },
  );

  test('a monitor that is on two pages of the list is one monitor', async () => {
    const { options } = connect();
    await applyMonitors(options);
    const [first] = [...fake.monitors.stored.values()];
    if (!first) throw new Error('no monitor');
    fake.monitors.stored.set(-1, first);
    const { document } = await planMonitors(options);
    expect(document).toMatchObject({ creates: [], updates: [], deletes: [], unchanged: definitions.length });
  });

  test('a variable that stays empty is a warning, in the text and in the document', async () => {
    const { options } = connect();
    const [first] = definitions;
    if (!first) throw new Error('no definition');
    const { document, text } = await planMonitors({ ...options, definitions: [{ ...first, message: '{{host.ip}}' }] });
    const warning = `monitors/definitions/${first.key}.ts, message: {{host.ip}}: only a query that is grouped by host (by {host}) fills this variable`;
    expect(document.warnings?.map(({ code, text }) => [code, text])).toEqual([['message-variable-empty', warning]]);
    expect(text).toContain(`\nwarning: ${warning}`);
  });

  test('plan writes nothing', async () => {
    await planMonitors(connect().options);
    expect(fake.asked.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('the first monitor is the one that a person used to click together', async () => {
    await applyMonitors(connect().options);
    const stored = [...fake.monitors.stored.values()].find(({ tags }) => tags.includes('headroom_key:cpu-user'));
    expect(stored).toMatchObject({
      name: 'CPU load is very high on i-0abc',
      type: 'query alert',
      query: 'max(last_5m):max:system.cpu.user{host:i-0abc} >= 50',
      priority: 1,
      restricted_roles: null,
      tags: ['managed_by:headroom', 'headroom_key:cpu-user', 'headroom_host:i-0abc', 'team:web'],
      options: { thresholds: { critical: 50 }, notify_audit: true, notify_no_data: false },
    });
    expect(stored?.message).toMatch(
      /\{\{#is_alert\}\}High CPU detected on \{\{host.name\}\}[\s\S]*back to normal[\s\S]*@ops@example.com$/,
    );
  });

  test('a monitor that was edited by hand is shown field by field and set right', async () => {
    const { options } = connect();
    await applyMonitors(options);
    const [edited] = fake.monitors.stored.values();
    if (!edited) throw new Error('nothing stored');
    edited.query = edited.query.replace('50', '99');
    edited.options = { ...edited.options, thresholds: { critical: 99 }, renotify_interval: 60, a_new_option: true };
    edited.restricted_roles = ['11111111-0000-0000-0000-000000000000'];
    const plan = await planMonitors(options);
    expect(plan.document.updates).toEqual([
      {
        key: 'cpu-user',
        id: edited.id,
        changes: [
          {
            field: 'query',
            from: 'max(last_5m):max:system.cpu.user{host:i-0abc} >= 99',
            to: 'max(last_5m):max:system.cpu.user{host:i-0abc} >= 50',
          },
          { field: 'restrictedRoles', from: ['11111111-0000-0000-0000-000000000000'], to: [] },
          { field: 'options.thresholds.critical', from: 99, to: 50 },
          { field: 'options.renotifyInterval', from: 60, to: 0 },
        ],
      },
    ]);
    expect(plan.text).toContain('options.thresholds.critical: 99 -> 50');
    await applyMonitors(options);
    expect((await planMonitors(options)).document.unchanged).toBe(definitions.length);
  });

  test('foreign monitors on several pages, of unknown kinds too, are never touched', async () => {
    for (let index = 0; index < 150; index++) {
      fake.monitors.add({
        name: `foreign ${index}`,
        type: index % 10 === 0 ? 'a kind of tomorrow' : 'query alert',
        query: `avg(last_5m):avg:system.cpu.user{host:f${index}} > ${index}`,
        tags: index % 2 === 0 ? ['managed_by:terraform'] : ['headroom_key:cpu-user'],
        options: { thresholds: { critical: index } },
      });
    }
    const before = JSON.stringify([...fake.monitors.stored.values()]);
    const { options } = connect();
    await applyMonitors(options);
    await applyMonitors({ ...options, definitions: definitions.slice(1) });
    await destroyMonitors(options);
    expect(JSON.stringify([...fake.monitors.stored.values()])).toBe(before);
  });

  test('ours on several pages are all found', async () => {
    for (let index = 0; index < 1001; index++) {
      fake.monitors.add({ name: `m${index}`, query: 'q', tags: ['managed_by:headroom', `headroom_key:k${index}`] });
    }
    expect((await listMonitors({ datadog: connect().datadog })).document.monitors).toHaveLength(1001);
    expect(fake.calls('GET /api/v1/monitor')).toBe(2);
  });

  test('a monitor of ours of an unknown kind does not break the list', async () => {
    fake.monitors.add({ type: 'a kind of tomorrow', tags: ['managed_by:headroom', 'headroom_key:x'], query: 'q' });
    const { document } = await listMonitors({ datadog: connect().datadog });
    expect(document.monitors).toMatchObject([{ key: 'x', query: 'q' }]);
  });

  test('a type that cannot be changed: made anew, the old one deleted', async () => {
    const old = fake.monitors.add({
      type: 'log alert',
      query: 'logs("x").index("*").rollup("count").last("5m") > 1',
      tags: ['managed_by:headroom', 'headroom_key:cpu-user', 'headroom_host:i-0abc'],
    });
    const { options } = connect();
    const { document } = await applyMonitors(options);
    expect(document.creates).toHaveLength(definitions.length);
    expect(document.deletes).toMatchObject([{ key: 'cpu-user', id: old.id }]);
    expect(fake.monitors.stored.has(old.id)).toBe(false);
    expect((await planMonitors(options)).document.unchanged).toBe(definitions.length);
  });

  test('metric alert and query alert are one kind', async () => {
    const { options } = connect();
    await applyMonitors(options);
    for (const monitor of fake.monitors.stored.values()) monitor.type = 'metric alert';
    expect((await planMonitors(options)).document.unchanged).toBe(definitions.length);
  });

  test('two of ours with one key: the better stays, the other goes', async () => {
    const { options } = connect();
    await applyMonitors(options);
    const [good] = fake.monitors.stored.values();
    const twin = fake.monitors.add({ ...good, name: 'copied by hand' });
    const { document } = await applyMonitors(options);
    expect(document.deletes).toMatchObject([{ key: 'cpu-user', id: twin.id }]);
    expect(fake.monitors.stored.has(good?.id ?? 0)).toBe(true);
  });

  test('what is no longer defined is deleted, for this host only', async () => {
    const { options } = connect();
    await applyMonitors(options);
    await applyMonitors({
      ...options,
      host: 'i-other',
      definitions: await allDefinitions({ host: 'i-other', recipients: [], tags: [] }),
    });
    const { document } = await applyMonitors({ ...options, definitions: definitions.slice(0, 2) });
    expect(document.deletes).toHaveLength(definitions.length - 2);
    expect(fake.monitors.stored.size).toBe(2 + definitions.length);
  });

  test('without a yes nothing is changed', async () => {
    const seen: string[] = [];
    const confirm = async (text: string) => {
      seen.push(text);
      return false;
    };
    const { document } = await applyMonitors({ ...connect().options, confirm });
    expect(document.applied).toBe(false);
    expect(seen[0]).toContain('+ cpu-user');
    expect(fake.monitors.stored.size).toBe(0);
  });

  test('destroy deletes ours and nothing else, and twice does no harm', async () => {
    const { options } = connect();
    await applyMonitors(options);
    expect((await destroyMonitors(options)).document.deletes).toHaveLength(definitions.length);
    expect(fake.monitors.stored.size).toBe(0);
    expect(fake.dashboards.stored.size).toBe(0);
    expect((await destroyMonitors(options)).document.deletes).toEqual([]);
  });

  test('list tells states and whether a downtime silences them', async () => {
    const { options, datadog } = connect();
    await applyMonitors(options);
    const [first] = fake.monitors.stored.values();
    Object.assign(first ?? {}, { overall_state: 'Alert', matching_downtimes: [{ id: 5, scope: ['*'] }] });
    const { document, text } = await listMonitors({ datadog, host });
    expect(document.monitors[0]).toMatchObject({ key: 'cpu-user', state: 'Alert', muted: true });
    expect(text).toContain('(muted)');
  });
});

describe('a list that is suddenly empty', () => {
  test('is an error to confirm; confirmed, it makes no duplicates', async () => {
    const { options } = connect();
    await applyMonitors(options);
    fake.fault('GET /api/v1/monitor', { kind: 'empty-list' });
    await expect(planMonitors(options)).rejects.toThrow(/none of its monitors.*--recreate/);
    fake.fault('GET /api/v1/monitor', { kind: 'empty-list' });
    await applyMonitors({ ...options, recreate: true });
    expect(fake.monitors.stored.size).toBe(definitions.length);
    expect((await planMonitors(options)).document.unchanged).toBe(definitions.length);
  });
});

describe('faults while creating', () => {
  test.each<[string, Fault[]]>([
    ['429 with a header', [{ kind: 'limited', resetS: 7 }]],
    ['429 without a header', [{ kind: 'limited' }, { kind: 'limited' }]],
    ['500 before it was stored', [{ kind: 'status', status: 500, stored: 'before' }]],
    ['502 after it was stored', [{ kind: 'status', status: 502, stored: 'after' }]],
    ['reset before it was stored', [{ kind: 'reset', stored: 'before' }]],
    ['reset after it was stored', [{ kind: 'reset', stored: 'after' }]],
    ['an empty answer', [{ kind: 'empty' }]],
    ['a cut answer', [{ kind: 'cut' }]],
  ])('%s: each monitor is there once', async (_, faults) => {
    const { options, waits } = connect();
    fake.fault('POST /api/v1/monitor', ...faults);
    const { document } = await applyMonitors(options);
    expect(document.applied).toBe(true);
    expect(fake.monitors.stored.size).toBe(definitions.length);
    expect((await planMonitors(options)).document.unchanged).toBe(definitions.length);
    if (faults[0]?.kind === 'limited' && faults[0].resetS) expect(waits).toContain(7);
  });
});

describe('faults while changing and deleting', () => {
  test.each<[string, Fault]>([
    ['429 with a header', { kind: 'limited', resetS: 7 }],
    ['429 without a header', { kind: 'limited' }],
    ['500 before it was stored', { kind: 'status', status: 500, stored: 'before' }],
    ['502 after it was stored', { kind: 'status', status: 502, stored: 'after' }],
    ['reset before it was stored', { kind: 'reset', stored: 'before' }],
    ['reset after it was stored', { kind: 'reset', stored: 'after' }],
    ['an empty answer', { kind: 'empty' }],
    ['a cut answer', { kind: 'cut' }],
  ])('%s: the right state, and nobody else touched', async (_, fault) => {
    const { options } = connect();
    await applyMonitors(options);
    const foreign = fake.monitors.add({ name: 'foreign', query: 'avg(last_5m):avg:system.load.1{*} > 1' });
    const before = JSON.stringify(foreign);
    const [first, ...others] = definitions;
    if (!first) throw new Error('no definition');
    const [stored] = fake.monitors.stored.values();
    fake.fault(`PUT /api/v1/monitor/${stored?.id}`, fault);
    const changed = { ...options, definitions: [{ ...first, thresholds: { critical: 60 } }, ...others] };
    expect((await applyMonitors(changed)).document.updates).toHaveLength(1);
    expect(stored).toMatchObject({ query: expect.stringMatching(/>= 60$/), options: { thresholds: { critical: 60 } } });
    expect((await planMonitors(changed)).document.unchanged).toBe(definitions.length);

    fake.fault('DELETE /api/v1/monitor/', fault);
    fake.fault('DELETE /api/v1/dashboard/', fault);
    await destroyMonitors(options);
    expect([...fake.monitors.stored.values()].map((each) => JSON.stringify(each))).toEqual([before]);
    expect(fake.dashboards.stored.size).toBe(0);
  });

  test("a dashboard's lost answer says to run again, which makes no second one", async () => {
    const { options } = connect();
    fake.fault('POST /api/v1/dashboard', { kind: 'reset', stored: 'after' });
    await expect(applyMonitors(options)).rejects.toThrow(
      /The answer of Datadog to the dashboard was lost .*Run the command again/,
    );
    expect((await applyMonitors(options)).document).toMatchObject({ creates: [], dashboard: 'none' });
    expect(fake.dashboards.stored.size).toBe(1);
  });
});

describe('faults while reading', () => {
  test.each<[string, Fault]>([
    ['500', { kind: 'status', status: 500, stored: 'before' }],
    ['reset', { kind: 'reset', stored: 'before' }],
    ['empty', { kind: 'empty' }],
    ['cut JSON', { kind: 'cut' }],
  ])('%s once is tried again', async (_, fault) => {
    fake.fault('GET /api/v1/monitor', fault);
    const { document } = await planMonitors(connect().options);
    expect(document.creates).toHaveLength(definitions.length);
  });

  test('a server that hangs ends in one sentence', async () => {
    fake.fault('GET /api/v1/monitor', ...Array.from({ length: 5 }, (): Fault => ({ kind: 'hang' })));
    await expect(listMonitors({ datadog: connect({ timeoutMs: 50 }).datadog })).rejects.toThrow(
      /did not answer GET \/api\/v1\/monitor in 5 attempts: no answer in 0.05 s/,
    );
  });

  test('a web page says that the address is wrong', async () => {
    fake.fault('GET /api/v1/monitor', { kind: 'html' });
    await expect(listMonitors({ datadog: connect().datadog })).rejects.toThrow(
      /web page instead of Datadog's API.*DD_SITE/,
    );
  });

  test('a rate limit that lasts an hour is not waited for', async () => {
    fake.fault('GET /api/v1/monitor', { kind: 'limited', resetS: 3000 });
    const { datadog, waits } = connect();
    await expect(listMonitors({ datadog })).rejects.toThrow(
      /rate limit \(monitor_write\) is used up for another 3000 s/,
    );
    expect(waits).toEqual([]);
  });

  test('nobody there', async () => {
    const { datadog } = connect();
    await fake.close();
    await expect(listMonitors({ datadog })).rejects.toThrow(/in 5 attempts: ECONNREFUSED/);
    fake = await startFakeDatadog();
  });
});

describe('keys', () => {
  test.each([
    ['apiKey', 'DD_API_KEY', 'https://app.datadoghq.com/organization-settings/api-keys'],
    ['appKey', 'DD_APP_KEY', 'https://app.datadoghq.com/organization-settings/application-keys'],
  ] as const)(
    'a missing %s is named with the page to create one, a refused one with the server that refused it',
    async (key, name, page) => {
      expect(() => connect({ [key]: '' })).toThrow(`${name} is not set. Create a key at ${page}`);
      const { datadog } = connect({ [key]: 'wrong-placeholder' });
      const refused = listMonitors({ datadog });
      await expect(refused).rejects.toThrow(UserError);
      // With DD_API_URL, Datadog's own page may be of another account.
      await expect(refused).rejects.toThrow(new RegExp(`^http://127.*\\(DD_API_URL\\) refused ${name}`));
      await expect(refused).rejects.not.toThrow(page);
      await expect(refused).rejects.not.toThrow('wrong-placeholder');
    },
  );

  test.each<Fault>([
    { kind: 'html' },
    { kind: 'limited', resetS: 3000 },
    { kind: 'status', status: 400, stored: 'before' },
    { kind: 'status', status: 418, stored: 'before' },
  ])('are in no error, not even in its causes: %j', async (fault) => {
    fake.fault('GET /api/v1/monitor', fault);
    const { datadog } = connect();
    const error = await listMonitors({ datadog }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/placeholder-(api|app)-key/);
  });

  test.each(['https://datadoghq.eu', 'app.datadoghq.com', 'datadoghq'])('%s is no site', (site) => {
    expect(() => connectDatadog({ ...keys, site })).toThrow(`DD_SITE ${site} is not a Datadog site`);
  });

  test('the page follows the site', () => {
    expect(() => connectDatadog({ apiKey: '', appKey: '', site: 'us3.datadoghq.com' })).toThrow(
      'https://us3.datadoghq.com/organization-settings/api-keys',
    );
  });
});

describe('refusals', () => {
  test('what Datadog refuses is known before the first write, with file, name and query', async () => {
    const [first] = definitions;
    if (!first) throw new Error('no definition');
    const bad = { ...first, series: 'max(last_5m):max:bad_metric{host:i-0abc}' };
    const { options } = connect();
    await expect(applyMonitors({ ...options, definitions: [...definitions.slice(1), bad] })).rejects.toThrow(
      /cpu-user.ts.*bad_metric\{host:i-0abc\} >= 50: The value provided for parameter 'query' is invalid/,
    );
    expect(fake.monitors.stored.size).toBe(0);
  });

  test('a foreign twin is not taken over', async () => {
    const { options } = connect();
    await applyMonitors(options);
    const [twin] = fake.monitors.stored.values();
    if (twin) twin.tags = [];
    await expect(applyMonitors(options)).rejects.toThrow(new RegExp(`Monitor ${twin?.id}.*not managed by headroom`));
    expect(twin?.tags).toEqual([]);
  });
});

test('the dashboard follows its definition and is found among many', async () => {
  for (let index = 0; index < 1200; index++) {
    const id = `f${index}`;
    fake.dashboards.stored.set(id, { id, title: `foreign ${index}`, description: 'Managed by headroom', url: '' });
  }
  const { options } = connect();
  await applyMonitors(options);
  const own = [...fake.dashboards.stored.values()].find(({ title }) => title === 'headroom: i-0abc');
  if (!own) throw new Error('no dashboard');
  expect(own.widgets).toHaveLength(7);
  expect((await planMonitors(options)).document.dashboard).toBe('none');
  own.description = 'Managed by headroom (an older hash)';
  expect((await applyMonitors(options)).document.dashboard).toBe('update');
  expect((await planMonitors(options)).document.dashboard).toBe('none');
  expect(fake.dashboards.stored.size).toBe(1201);
});

test('calls: one for the list, one validation and one write per monitor, two for the dashboard', async () => {
  const { options } = connect();
  await applyMonitors(options);
  expect({
    list: fake.calls('GET /api/v1/monitor'),
    validate: fake.calls('POST /api/v1/monitor/validate'),
    all: fake.asked.length,
  }).toEqual({ list: 1, validate: definitions.length, all: 1 + 2 * definitions.length + 2 });
});
