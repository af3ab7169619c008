import { expect, test } from '@jest/globals';
import type { MonitorDefinition } from '../../spec/definition.ts';
import { stateChanges } from '../../spec/monitor-states.ts';

type Rule = Pick<MonitorDefinition, 'comparator' | 'thresholds' | 'missingData'>;
const rule = (thresholds: Rule['thresholds'], more: Partial<Rule> = {}): Rule => ({
  comparator: '>',
  thresholds,
  missingData: 'ignore',
  ...more,
});
/** State after each change, with the index of the evaluation. */
const walk = (definition: Rule, values: (number | undefined)[]) =>
  stateChanges(
    definition,
    values.map((value, index) => (value === undefined ? { atMs: index } : { atMs: index, value })),
  ).map(({ atMs, to, limit }) => [atMs, to, limit]);

test('fires beyond the threshold and recovers at it', () => {
  expect(walk(rule({ critical: 50 }), [10, 50, 51, 60, 50])).toEqual([
    [2, 'Alert', 50],
    [4, 'OK', 50],
  ]);
});

test('with a recovery threshold it recovers only there', () => {
  expect(walk(rule({ critical: 90, criticalRecovery: 70 }), [95, 80, 71, 70])).toEqual([
    [0, 'Alert', 90],
    [3, 'OK', 70],
  ]);
});

test('goes by way of the warning, and back', () => {
  expect(walk(rule({ critical: 90, warning: 75, criticalRecovery: 80 }), [76, 91, 85, 79, 70])).toEqual([
    [0, 'Warn', 75],
    [1, 'Alert', 90],
    [3, 'Warn', 80],
    [4, 'OK', 75],
  ]);
});

test('below works like above', () => {
  const low = rule({ critical: 0.1, criticalRecovery: 0.15 }, { comparator: '<' });
  expect(walk(low, [0.2, 0.09, 0.12, 0.15])).toEqual([
    [1, 'Alert', 0.1],
    [3, 'OK', 0.15],
  ]);
});

test('without data a monitor keeps its state, unless it speaks of missing data', () => {
  expect(walk(rule({ critical: 50 }), [60, undefined, undefined, 40])).toEqual([
    [0, 'Alert', 50],
    [3, 'OK', 50],
  ]);
  expect(walk(rule({ critical: 50 }, { missingData: 'notify' }), [40, undefined, undefined, 40])).toEqual([
    [1, 'No Data', undefined],
    [3, 'OK', undefined],
  ]);
});
