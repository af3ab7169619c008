import { expect, test } from '@jest/globals';
import { allDefinitions } from '../../definitions/all.ts';
import { withThresholds } from '../../spec/threshold-file.ts';

const definitions = await allDefinitions({ host: 'i-0abc', recipients: [], tags: [] });
const apply = (content: unknown, env?: string) =>
  withThresholds(definitions, content, 'monitors.json', { host: 'i-0abc', env });
const thresholdsOf = (key: string, content: unknown, env?: string) =>
  apply(content, env).find((each) => each.key === key)?.thresholds;

test('a threshold replaces that of the definition, and leaves the others', () => {
  expect(thresholdsOf('cpu-total', { 'cpu-total': { critical: 95 } })).toEqual({
    critical: 95,
    warning: 75,
    criticalRecovery: 80,
  });
  expect(apply({ 'cpu-total': { critical: 95 } }).filter((each) => each.key !== 'cpu-total')).toEqual(
    definitions.filter((each) => each.key !== 'cpu-total'),
  );
});

test('those of the host come before those of its environment, and those before the general ones', () => {
  const content = {
    'cpu-user': { critical: 60, warning: 40 },
    'env:prod': { 'cpu-user': { critical: 70 } },
    'host:i-0abc': { 'cpu-user': { critical: 80 } },
    'host:i-0def': { 'cpu-user': { critical: 99 } },
  };
  expect(thresholdsOf('cpu-user', content)).toEqual({ critical: 80, warning: 40 });
  const { 'host:i-0abc': _, ...others } = content;
  expect(thresholdsOf('cpu-user', others, 'prod')).toEqual({ critical: 70, warning: 40 });
  expect(thresholdsOf('cpu-user', others, 'staging')).toEqual({ critical: 60, warning: 40 });
});

test('the case of hosts and environments means nothing, as in Datadog', () => {
  const content = { 'env:Prod': { 'cpu-user': { critical: 70 } }, 'host:I-0ABC': { 'cpu-total': { critical: 95 } } };
  expect(thresholdsOf('cpu-user', content, 'prod')?.critical).toBe(70);
  expect(thresholdsOf('cpu-total', content)?.critical).toBe(95);
});

test('null removes a threshold', () => {
  expect(thresholdsOf('cpu-total', { 'cpu-total': { critical: 50, warning: null, criticalRecovery: null } })).toEqual({
    critical: 50,
  });
});

test.each<[unknown, string]>([
  [[], 'monitors.json must hold an object like {"cpu-user": {"critical": 70}}'],
  [{ 'cpu-usr': { critical: 1 } }, 'monitors.json, cpu-usr: there is no such monitor. Did you mean cpu-user?'],
  [
    { 'env:prod': { 'cpu-usr': { critical: 1 } } },
    'monitors.json, env:prod.cpu-usr: there is no such monitor. Did you mean cpu-user?',
  ],
  [{ 'cpu-user': { critcal: 1 } }, 'monitors.json, cpu-user.critcal: is not a threshold. Did you mean critical?'],
  [{ 'cpu-user': { critical: '70' } }, 'monitors.json, cpu-user.critical: must be a number, not a string'],
  [
    { 'cpu-total': { critical: 70 } },
    'monitors.json, cpu-total: thresholds.warning: 75 must be below critical (70)\nmonitors.json, cpu-total: thresholds.criticalRecovery: 80 must be below critical (70)',
  ],
])('%j is a mistake, which is named', (content, why) => {
  expect(() => apply(content)).toThrow(why);
});
