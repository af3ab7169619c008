import { expect, test } from '@jest/globals';
import { allDefinitions } from '../../definitions/all.ts';
import { checkDefinitions, definitionProblems } from '../../spec/check-definitions.ts';
import type { MonitorDefinition } from '../../spec/definition.ts';
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
  [{ tags: [':x'] }, "tags: ':x' is not a tag: expected key:value"],
])('%j', (changed, problem) => {
  expect(problems(changed)).toContain(problem);
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
