import { describe, expect, test } from '@jest/globals';
import { allDefinitions } from '../../definitions/all.ts';
import { checkDefinitions, definitionProblems } from '../../spec/check-definitions.ts';
import type { MonitorDefinition } from '../../spec/definition.ts';
import { queryText } from '../../spec/wanted-monitor.ts';
import { madeDefinition } from '../made-definition.ts';

const context = { host: 'i-0abc', recipients: ['@ops@example.com', '@slack-ops'], tags: ['env:prod'] };
const good = await madeDefinition('cpu-user', 'i-0abc', context);
const problems = (changed: Partial<MonitorDefinition>) =>
  definitionProblems([{ ...good, ...changed }]).map(({ field, why }) => `${field}: ${why.split('\n')[0]}`);

test('every definition of headroom is right, for a name of any shape', async () => {
  for (const host of ['i-0abc', 'ip-10-0-0-1.ec2.internal', 'web_1']) {
    expect(definitionProblems(await allDefinitions({ ...context, host }))).toEqual([]);
  }
});

test.each<[Partial<MonitorDefinition>, string]>([
  [
    { series: 'max(last_5min):max:a{host:x}' },
    "series: 'last_5min' is not a window: expected a form like last_5m, last_1h or last_1d",
  ],
  [{ thresholds: { critical: 50, warning: 60 } }, 'thresholds.warning: 60 must be below critical (50)'],
  [
    { comparator: '<', thresholds: { critical: 50, warning: 40 } },
    'thresholds.warning: 40 must be above critical (50)',
  ],
  [
    { thresholds: { critical: 50, criticalRecovery: 50 } },
    'thresholds.criticalRecovery: 50 must be below critical (50)',
  ],
  [{ message: '{{#is_alrt}}x{{/is_alrt}}' }, 'message: {{#is_alrt}}: unknown condition. Did you mean is_alert?'],
  [{ message: '{{#is_alert}}x' }, 'message: {{#is_alert}} is not closed: add {{/is_alert}}'],
  [{ message: '{{#is_alert}}x{{/is_recovery}}' }, 'message: {{/is_recovery}} closes {{#is_alert}}'],
  [{ message: '{{valeu}}' }, 'message: {{valeu}}: unknown variable. Did you mean {{value}}?'],
  [
    { message: '{{device.name}}' },
    'message: {{device.name}}: has no value, because the query is neither grouped by device nor scoped to one (device:NAME)',
  ],
  [{ message: '{{#is_alert}x{{/is_alert}}' }, 'message: {{/is_alert}} closes nothing'],
  [{ recipients: ['ops@example.com'] }, "recipients: 'ops@example.com' must start with @ and contain no spaces"],
  [{ key: 'Has Blank' }, "key: 'Has Blank' may contain only a-z, 0-9, - and _"],
  [
    { series: 'min(last_1h):min:aws.ec2.cpucredit_balance{host:x}' },
    'evaluationDelayS: aws.* metrics arrive up to 15 minutes late: set 900 or more',
  ],
  [{ thresholds: { critical: 50, warningRecovery: 30 } }, 'thresholds.warningRecovery: needs a warning threshold'],
  [{ tags: [':x'] }, "tags: ':x' is not a tag: expected key:value"],
  [
    JSON.parse('{"renotifyInterval":60}'),
    'renotifyInterval: is not a field that headroom has. It has key, name, series, comparator, thresholds, message, recipients, priority, tags, missingData, evaluationDelayS, alertsWhen, runbook',
  ],
  [JSON.parse('{"thresholds":{"critical":50,"critical_recovery":40}}'), 'thresholds.critical_recovery: is not a field that headroom has. Did you mean criticalRecovery?'], // biome-ignore format: short
  [JSON.parse('{"thresholds":{"critical":"50"}}'), "thresholds.critical: '50' is not a number"],
  [{ thresholds: { critical: Number.NaN } }, "thresholds.critical: 'NaN' is not a number"],
  [JSON.parse('{"thresholds":null}'), 'thresholds: is not like {critical: 50}'],
  [JSON.parse('{"comparator":"=>"}'), "comparator: '=>' is not one of >= <= == != > <"],
  [JSON.parse('{"priority":"P1"}'), "priority: 'P1' is not 1 (highest) to 5"],
  [JSON.parse('{"missingData":"resolve"}'), "missingData: 'resolve' is neither 'ignore' nor 'notify'"],
  [JSON.parse('{"recipients":"@ops"}'), "recipients: '@ops' is not a list"],
  [JSON.parse('{"message":7}'), "message: '7' is not a text"],
])('%j', (changed, problem) => {
  expect(problems(changed)).toContain(problem);
});

describe('messages', () => {
  const checked = (message: string, by = '') => {
    const series = `max(last_5m):max:system.cpu.user{host:i-0abc,env:prod}${by}`;
    return checkDefinitions([{ ...good, message, series }]).map(({ text }) => text?.split(', message: ')[1]);
  };

  test.each([
    '{{#is_alert}}{{ value }} % on {{ host.name }}{{/is_alert}}{{^is_warning}}fine{{/is_warning}}',
    'high since {{eval "last_triggered_at_epoch-15*60*1000"}}: {{eval "humanize_bytes(value)"}}',
    '{{#is_exact_match (eval "int(last_triggered_at_epoch / 3600000 % 24)") "8" "9"}}@day@example.com{{/is_exact_match}}',
    `{{local_time 'last_triggered_at' 'Europe/Berlin'}} {{urlencode "host.name"}} {{ urlencode 'value' }}`,
    '{{#is_match "host.name" "prod" "stage"}}a{{else}}b{{/is_match}}{{^is_match "env" "prod"}}c{{/is_match}}',
    '{{#is_exact_match "value" 5 -1.5}}x{{/is_exact_match}}',
    '{{#is_exact_match "value" "5"}}x{{/is_exact_match}} {{{value}}} {{~threshold~}}',
    "{{#is_priority 'P1'}}x{{/is_priority}}{{override_priority 'P2'}}",
    '{{#is_alert}}{{#is_match "host.name" "a"}}x{{else}}y{{/is_match}}{{^is_renotify}}z{{/is_renotify}}{{/is_alert}}',
    '{{!-- a comment with {{valeu}} --}}{{! and {one} }}{{!-- this one too }}',
    '{{{{raw}}}}{{ anything }} {{#here}}{{{{/raw}}}} {{{{is_match "host.name" "x"}}}}{{ .raw }}{{{{/is_match}}}}',
    '{"text": {"value": "{{value}}"}}',
    '{{#is_match "host.name" "a}b"}}x{{/is_match}}',
    '{{#is_alert}}a{{else}}{{#is_warning}}b{{/is_warning}}{{/is_alert}}{{^is_alert}}{{#is_recovery}}c{{/is_recovery}}{{/is_alert}}',
  ])('%s is right', (message) => {
    expect(checked(message)).toEqual([]);
  });

  test.each([
    ['went back under {{ok_threshold}}', '{{ok_threshold}}: only service-check monitors fill this variable'],
    ['{{warn_threshold}}', '{{warn_threshold}}: the monitor has no threshold warning'],
    ['{{eval "value - alert_recovery_threshold"}}', '{{eval "value - alert_recovery_threshold"}}: the monitor has no threshold criticalRecovery'], // biome-ignore format: one line each
    ['{{check_message}}', '{{check_message}}: only service-check monitors fill this variable'],
    ['{{host.ip}}', '{{host.ip}}: only a query that is grouped by host (by {host}) fills this variable'],
    [
      '{{host.instance-type}}',
      '{{host.instance-type}}: only a query that is grouped by host (by {host}) fills this variable',
    ],
    ['{{log.message}}', '{{log.message}}: only monitors of logs, traces, RUM, CI or events fill this variable'],
    [
      '{{ @machine_id.name }}',
      '{{ @machine_id.name }}: only monitors of logs, traces, RUM, CI or events fill this variable',
    ],
    ['{{a.value}}', '{{a.value}}: only composite monitors fill this variable'],
    [
      '{{#is_match "role.name" "db"}}x{{/is_match}}',
      '{{#is_match "role.name" "db"}}: has no value, because the query is neither grouped by role nor scoped to one (role:NAME)',
    ],
    ['{{databaseMonitoring.x}}', '{{databaseMonitoring.x}}: only monitors of logs, traces, RUM, CI or events fill this variable'], // biome-ignore format: short
    ['{{ #is_alert }}x{{/is_alert}}', '{{ #is_alert }}: a blank before # can leave it in the message'],
    ['{{#is_alert}}{{#is_warning}}x{{/is_warning}}{{/is_alert}}', '{{#is_warning}} inside {{#is_alert}} is never sent'],
    ['{{^is_alert}}a{{else}}{{#is_no_data}}x{{/is_no_data}}{{/is_alert}}', '{{#is_no_data}} inside {{#is_alert}} is never sent'], // biome-ignore format: short
    ['{{#is_alert}}a{{else if is_warning}}b{{/is_alert}}', '{{else if is_warning}}: Datadog documents no {{else}} with a condition'], // biome-ignore format: short
    ['{{eval "string(value)"}}', '{{eval "string(value)"}}: string() is not a function that Datadog documents'],
    ['{{eval "sha256(host.name)"}}', '{{eval "sha256(host.name)"}}: sha256() is not a function that Datadog documents'],
  ])('%s is accepted with a warning', (message, warning) => {
    expect(checked(message)).toEqual([warning]);
  });

  test('a query by {host} fills whatever is known of a host', () => {
    expect(checked('{{host.ip}} {{host.instance-type}} {{host.metadata_platform}}', ' by {host}')).toEqual([]);
    expect(checked('{{[kube.app].name}}', ' by {kube.app}')).toEqual([]);
  });

  test.each([
    ['CPU of {{host}} is high', 'Did you mean {{host.name}}?'],
    ['{{env}}', 'Did you mean {{env.name}}?'],
    ['{{hostname}}', 'Did you mean {{host.name}}?'],
    ['{{Value}}', 'Did you mean {{value}}?'],
    ['{{env.value}}', 'Did you mean {{env.name}}?'],
    ['{{#is_alert}}high{{is_alert}}', 'Did you mean {{#is_alert}} or {{/is_alert}}?'],
    ['{{else}}', '{{else}} stands in no condition'],
    ['{{#if value}}x{{/if}}', 'unknown condition'],
    ['{{#is_match "host.name"}}x{{/is_match}}', 'expected a variable and a text'],
    ['{{#is_match host.name "x"}}x{{/is_match}}', 'in quotation marks'],
    ["{{#is_priority 'high'}}x{{/is_priority}}", "from 'P1' to 'P5'"],
    ['{{eval value*2}}', 'expected one expression in quotation marks'],
    ['{{eval "value*2}}', 'are not balanced'],
    ['{{eval "valeu*2"}}', 'Did you mean {{value}}?'],
    ['{{eval "humanise_bytes(value)"}}', 'Did you mean humanize_bytes()?'],
    ['{{eval "int(value"}}', 'its parentheses are not balanced'],
    ["{{local_time 'last_triggered' 'Europe/Berlin'}}", "Did you mean 'last_triggered_at'?"],
    ["{{local_time 'last_triggered_at' 'Europe/Berln'}}", "Did you mean 'Europe/Berlin'?"],
    ["{{local_time 'last_triggered_at'}}", 'expected a time and a time zone'],
    ['{{#is_match "{{host.name}}" "a"}}x{{/is_match}}', 'write the variable without braces'],
    ['{{urlencode host.name}}', 'expected one variable in quotation marks'],
    ['{{urlencode "host"}}', 'Did you mean {{host.name}}?'],
    ['{{#is_alert}}{{#is_match "host.name" "a"}}x{{/is_alert}}{{/is_match}}', '{{/is_alert}} closes {{#is_match}}'],
    ['{{#is_alert}}{{#is_match "host.name" "a"}}x{{/is_match}}', '{{#is_alert}} is not closed'],
    ['{{/is_alert}}x{{#is_alert}}', '{{/is_alert}} closes nothing'],
    ['{{#is_ALERT}}x{{/is_ALERT}}', 'Did you mean is_alert?'],
    ['{{> partial}}', 'unknown function'],
    ['{{urlencod "host.name"}}', 'unknown function. Did you mean urlencode?'],
    ['{{kube.app.name}}', 'Write {{[kube.app].name}}', ' by {kube.app}'],
  ])('%s is a mistake: %s', (message, why, by = '') => {
    expect(() => checked(message, by)).toThrow(why);
  });
});

test('a function that Datadog does not document is a warning', () => {
  const series = 'max(last_5m):2 * newer_than_this(avg:a{*})';
  expect(checkDefinitions([{ ...good, message: '', series }])).toMatchObject([
    { code: 'function-unknown', name: 'newer_than_this' },
  ]);
});

test('reports all mistakes of all definitions in one message, each with its file', () => {
  const wrong = { ...good, key: 'twin', name: ' ', thresholds: { critical: 50, warning: 70 } };
  expect(() => checkDefinitions([good, wrong])).toThrow(
    [
      'invalid monitor definitions:',
      'monitors/definitions/twin.ts, name: is empty',
      'monitors/definitions/twin.ts, thresholds.warning: 70 must be below critical (50)',
    ].join('\n'),
  );
});

test('a query has its threshold without an exponent, and a scope fills what it asks for, not what it excludes', () => {
  const small = { ...good, message: '', thresholds: { critical: 1e-7 } };
  expect(queryText(small)).toMatch(/ 0\.0000001$/);
  expect(queryText({ ...small, thresholds: { critical: 1.5e21 } })).toMatch(/ 1500000000000000000000$/);
  const excluded = { ...good, message: '{{env.name}}', series: 'max(last_5m):max:a{!env:dev}' };
  expect(() => checkDefinitions([excluded])).toThrow('neither grouped by env nor scoped to one');
});
