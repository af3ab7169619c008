import { expect, test } from '@jest/globals';
import { allDefinitions } from '../../definitions/all.ts';
import { cpuUser } from '../../definitions/cpu-user.ts';
import { checkDefinitions, definitionProblems } from '../../spec/check-definitions.ts';
import type { MonitorDefinition } from '../../spec/definition.ts';

const context = { host: 'i-0abc', recipients: ['@ops@example.com', '@slack-ops'], tags: ['env:prod'] };
const good = cpuUser(context);
const problems = (changed: Partial<MonitorDefinition>) =>
  definitionProblems([{ ...good, ...changed }]).map(({ field, why }) => `${field}: ${why.split('\n')[0]}`);

test('every definition of headroom is right, for a name of any shape', () => {
  for (const host of ['i-0abc', 'ip-10-0-0-1.ec2.internal', 'web_1']) {
    expect(definitionProblems(allDefinitions({ ...context, host }))).toEqual([]);
  }
});

test.each<[Partial<MonitorDefinition>, string]>([
  [
    { series: 'max(last_5min):max:a{host:x}' },
    "series: 'last_5min' is no window: expected for example last_5m, last_1h, last_1d",
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
  [{ message: '{{#is_alrt}}x{{/is_alrt}}' }, 'message: {{#is_alrt}}: unknown condition, did you mean is_alert?'],
  [{ message: '{{#is_alert}}x' }, 'message: {{#is_alert}} is never closed: add {{/is_alert}}'],
  [{ message: '{{#is_alert}}x{{/is_recovery}}' }, 'message: {{/is_recovery}} closes {{#is_alert}}'],
  [{ message: '{{valeu}}' }, 'message: {{valeu}}: unknown variable, did you mean {{value}}?'],
  [
    { message: '{{device.name}}' },
    'message: {{device.name}}: stays empty, since the query is neither grouped by device nor scoped to one (device:NAME)',
  ],
  [{ message: '{{#is_alert}x{{/is_alert}}' }, 'message: {{/is_alert}} closes nothing'],
  [{ recipients: ['ops@example.com'] }, "recipients: 'ops@example.com' must begin with @ and have no blanks"],
  [{ key: 'Has Blank' }, "key: 'Has Blank' must be of a-z, 0-9, - and _"],
  [
    { series: 'min(last_1h):min:aws.ec2.cpucredit_balance{host:x}' },
    'evaluationDelayS: aws.* metrics arrive up to 15 minutes late: give 900 or more',
  ],
  [{ tags: [':x'] }, "tags: ':x' is no tag: expected key:value"],
])('%j', (changed, problem) => {
  expect(problems(changed)).toContain(problem);
});

test('all mistakes of all definitions come in one message, each with file and key', () => {
  const twins = [good, { ...good, thresholds: { critical: 50, warning: 70 } }];
  expect(() => checkDefinitions(twins)).toThrow(
    [
      'monitors are wrongly defined:',
      "monitors/definitions/cpu-user.ts (cpu-user), key: 'cpu-user' is also the key of monitors/definitions/cpu-user.ts",
      'monitors/definitions/cpu-user.ts (cpu-user), thresholds.warning: 70 must be below critical (50)',
    ].join('\n'),
  );
});
