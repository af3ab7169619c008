// Each format against the program that reads it: the official client, Terraform's grammar, promtool.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { connectDatadog } from '../../datadog/datadog.ts';
import { allDefinitions } from '../../definitions/all.ts';
import { exportMonitors } from '../../export/export.ts';
import { applyMonitors } from '../../plan/manage.ts';
import type { MonitorDefinition } from '../../spec/definition.ts';
import { keys, startFakeDatadog } from '../fake-datadog/server.ts';

const host = 'i-0abc';
const definitions = await allDefinitions({ host, recipients: ['@ops@example.com'], tags: ['team:web', 'env:prod'] });
const contentOf = (
  format: 'json' | 'terraform' | 'prometheus',
  about = definitions,
  ids?: ReadonlyMap<string, number>,
) => exportMonitors(format, about, host, ids).files[0]?.content ?? '';
const changed = (key: string, change: Partial<MonitorDefinition>): MonitorDefinition[] =>
  definitions.filter((each) => each.key === key).map((each) => ({ ...each, ...change }));

test('the JSON is what the official client sends', async () => {
  const fake = await startFakeDatadog();
  try {
    await applyMonitors({ datadog: connectDatadog({ ...keys, apiUrl: fake.url }), host, definitions });
    const sent = fake.asked.filter(({ method, path }) => `${method} ${path}` === 'POST /api/v1/monitor');
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    const exported = JSON.parse(contentOf('json'));
    expect(exported.sort(byName)).toEqual(sent.map(({ body }) => body as { name: string }).sort(byName));
  } finally {
    await fake.close();
  }
});

test('texts and tags are those that Datadog keeps, so that a plan of Terraform is empty after its apply', () => {
  const [monitor] = JSON.parse(
    contentOf('json', changed('cpu-total', { name: ' busy ', message: ' a\r\nb ', recipients: [], tags: ['env:Prod', 'ENV:prod', 'x:1__2_'] })), // biome-ignore format: one line each
  );
  expect(monitor).toMatchObject({ name: 'busy', message: 'a\nb' });
  expect(monitor.tags).toEqual([
    'managed_by:headroom',
    'headroom_key:cpu-total',
    'headroom_host:i-0abc',
    'env:prod',
    'x:1_2',
  ]);
});

/** The blocks of a file: a head, and a body that holds attributes alone. */
function hclBlocks(text: string): { readonly head: string; readonly body: string }[] {
  const blocks = [
    ...text.matchAll(
      /^(import|resource "[a-z_]+" "[A-Za-z_][\w-]*") \{\n( {2}monitor = <<EOF\n[\s\S]*?\nEOF|[\s\S]*?)\n\}$/gm,
    ),
  ];
  const rest = blocks.reduce((left, [block]) => left.replace(block, ''), text);
  expect(rest.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  return blocks.map(([, head = '', body = '']) => ({ head, body }));
}

test('the Terraform file has a resource for each monitor, and imports those that are there', () => {
  const blocks = hclBlocks(contentOf('terraform', definitions, new Map([['cpu-total', 17]])));
  const resources = blocks.filter(({ head }) => head !== 'import');
  expect(resources.map(({ head }) => head)).toContain('resource "datadog_monitor_json" "cpu_total_i_0abc"');
  const bodies = resources.map(({ body }) => /^ {2}monitor = <<EOF\n([\s\S]*)\nEOF$/.exec(body)?.[1] ?? '');
  expect(bodies.map((body) => JSON.parse(body))).toEqual(JSON.parse(contentOf('json')));
  expect(blocks.filter(({ head }) => head === 'import')).toEqual([
    { head: 'import', body: '  to = datadog_monitor_json.cpu_total_i_0abc\n  id = "17"' },
  ]);
});

test('the file says how its folder names the provider, which Terraform would look for under hashicorp/', () => {
  const comments = contentOf('terraform').match(/^#.*/gm) ?? [];
  const block = comments.filter((line) => line.startsWith('#   ')).map((line) => line.slice(4));
  expect(block.join('\n')).toBe(
    'terraform {\n  required_providers {\n    datadog = { source = "DataDog/datadog" }\n  }\n}',
  );
});

test('what Terraform would take for a template of its own is escaped, and the file says that it has no imports', () => {
  const text = contentOf('terraform', changed('cpu-total', { message: '$' + '{x} at 5 %{y}' }));
  expect(text).toContain('"message": "$$' + '{x} at 5 %%{y}\\n\\n@ops@example.com"');
  expect(text).toContain('Without import blocks: DD_API_KEY and DD_APP_KEY were not set');
});

test('the rules keep thresholds, recovery, priority, tags and texts', () => {
  const { groups } = parse(contentOf('prometheus'));
  const rules: { alert?: string; record?: string; expr: string; labels: object; annotations: object }[] =
    groups[0].rules;
  const [critical, warning] = rules.filter(({ alert }) => alert === 'CpuTotal');
  const instance = 'instance=~"i-0abc(:[0-9]+)?"';
  expect(rules.find(({ record }) => record === 'headroom:cpu_total:avg_5m')?.expr).toBe(
    `avg_over_time(((100) - (100 * sum by (instance) (rate(node_cpu_seconds_total{mode=~"idle", ${instance}}[1m])) / sum by (instance) (rate(node_cpu_seconds_total{${instance}}[1m]))))[5m:15s])`,
  );
  expect(critical).toMatchObject({
    expr: `headroom:cpu_total:avg_5m{${instance}} > 90 or (headroom:cpu_total:avg_5m{${instance}} > 80 and on (instance) ALERTS{alertname="CpuTotal", alertstate="firing", severity="critical", host="i-0abc"})`,
    labels: { severity: 'critical', priority: 'P2', host, monitor: 'cpu-total', team: 'web', env: 'prod' },
    annotations: {
      description: 'i-0abc used {{ printf "%.4g" $value }} % of its CPU over five minutes. Requests are queuing.',
    },
  });
  expect(warning).toMatchObject({ labels: { severity: 'warning' } });
  // No value of it alerts: the host is silent, or all is well.
  expect(rules.filter(({ alert }) => alert === 'HostSilent').map(({ expr }) => expr)).toEqual([
    `sum(absent_over_time(node_cpu_seconds_total{mode="idle", ${instance}}[10m]))`,
  ]);
});

test('what Prometheus cannot evaluate is named, never approximated', () => {
  const own = definitions.filter(({ key }) => ['cpu-credits', 'nginx-5xx', 'app-p99', 'cpu-user'].includes(key));
  const { warnings } = exportMonitors('prometheus', own, host);
  expect(warnings.map(({ text }) => text)).toEqual([
    'cpu-credits has no rule in Prometheus: node_exporter does not send aws.ec2.cpucredit_balance',
    'nginx-5xx has no rule in Prometheus: sum() over a window depends on how often points arrive',
    'app-p99 has no rule in Prometheus: node_exporter does not send headroom.latency.p99_ms',
  ]);
});

test.each([
  ['change(avg(last_5m),5m_ago):avg:system.cpu.idle{host:i-0abc}', 'change() has no counterpart'],
  ['avg(current_1h):avg:system.cpu.idle{host:i-0abc}', 'a window from the start of an hour'],
  ['avg(last_5m):avg:system.cpu.idle{*}', '{*} is not the scope {host:i-0abc}'],
  ['avg(last_5m):avg:system.cpu.idle{host:i-0abc} by {host}', 'by {host} has no counterpart'],
  ['avg(last_5m):avg:system.cpu.idle{host:i-0abc}.rollup(max, 60)', '.rollup() has no counterpart'],
  ['avg(last_5m):abs(avg:system.cpu.idle{host:i-0abc})', 'abs() has no counterpart'],
])('%s is left out', (series, why) => {
  const { warnings } = exportMonitors('prometheus', changed('cpu-total', { series, message: '' }), host);
  expect(warnings.map(({ text }) => text)).toEqual([expect.stringContaining(why)]);
});

const promtool = ['/usr/bin/promtool', '/usr/local/bin/promtool'].find((path) => existsSync(path));
const withPromtool = promtool || process.env.CI ? test : test.skip;

function runPromtool(about: readonly MonitorDefinition[], edit = (content: string) => content): string {
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    const { files } = exportMonitors('prometheus', about, host);
    for (const { name, content } of files) writeFileSync(join(folder, name), edit(content));
    const [rules = '', tests = ''] = files.map(({ name }) => join(folder, name));
    const run = (...args: string[]) => execFileSync(promtool ?? 'promtool', args, { encoding: 'utf8', stdio: 'pipe' });
    return run('check', 'rules', rules) + run('test', 'rules', tests);
  } catch (error) {
    return `FAILED ${(error as { stdout?: string }).stdout}${(error as { stderr?: string }).stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

withPromtool('promtool accepts the rules and passes their tests (needs promtool)', () => {
  expect(runPromtool(definitions)).toMatch(/SUCCESS: \d+ rules found[\s\S]*SUCCESS$/m);
});

withPromtool('the tests fail when a threshold is not that of the definition (needs promtool)', () => {
  const failed = runPromtool(definitions, (content) =>
    content.replace(/(headroom:cpu_user:max_5m\{[^}]*\} >= )50/, '$160'),
  );
  expect(failed).toMatch(/^FAILED[\s\S]*alertname: ?CpuUser/);
});

withPromtool('both recovery thresholds hold their alerts (needs promtool)', () => {
  const thresholds = { critical: 90, warning: 75, criticalRecovery: 80, warningRecovery: 60 };
  expect(runPromtool(changed('cpu-total', { thresholds }))).toMatch(/SUCCESS$/m);
});

withPromtool('names and messages of any template are annotations (needs promtool)', () => {
  const name = 'CPU of {{host.name}} is {{value}}: "high" {{eval "value*2"}}';
  const texts = [
    'On {{host.name}} (warns at {{warn_threshold}}).',
    '{{#is_alert}}{{value}} {{#is_match "host.name" "x"}}a{{/is_match}}{{/is_alert}}',
    '{{^is_warning}}{{threshold}}{{/is_warning}}',
  ];
  expect(runPromtool(changed('cpu-total', { name, message: texts.join('\n') }))).toMatch(/SUCCESS$/m);
  const { files } = exportMonitors(
    'prometheus',
    changed('cpu-user', { name, message: 'no condition {{host.name}}' }),
    host,
  );
  expect(files[0]?.content).toContain('no condition i-0abc');
});
