import { expect, test } from '@jest/globals';
import { upgradeAlarms, upgradeLine, upgradeRun } from '../upgrade-run.ts';

const legacy = (text: string) => ({ code: 'legacy', text });

test('the sentences of a record of version 1 become findings without a meaning of their own', () => {
  const upgraded = upgradeRun({
    schemaVersion: 1,
    statusReason: 'stopped by SIGINT',
    validity: { verdict: 'invalid', reasons: ['late'] },
    warnings: ['busy'],
    stages: [{ name: 'a', aborted: 'stopped', steady: { cutS: 5, reason: 'MSER-5' } }, { name: 'b' }],
    capacity: { low: 1, probes: [{ why: '' }, { why: 'a queue grew' }] },
  });
  expect(upgraded).toEqual({
    schemaVersion: 2,
    statusReason: legacy('stopped by SIGINT'),
    validity: { verdict: 'invalid', reasons: [legacy('late')] },
    warnings: [legacy('busy')],
    stages: [{ name: 'a', aborted: legacy('stopped'), steady: { cutS: 5, reason: legacy('MSER-5') } }, { name: 'b' }],
    capacity: { low: 1, probes: [{ reasons: [] }, { reasons: [legacy('a queue grew')] }] },
  });
});

test('what is no record of version 1 stays as it is', () => {
  for (const value of [undefined, null, 7, 'run', [], { schemaVersion: 2, warnings: ['x'] }])
    expect(upgradeRun(value)).toEqual(value);
  const odd = { schemaVersion: 1, validity: 'none', stages: 3, capacity: [], warnings: 'x' };
  expect(upgradeRun(odd)).toEqual({ ...odd, schemaVersion: 2, warnings: 'x' });
});

test('alarms of version 1 become findings, and a time before the breach is left out', () => {
  const monitor = { key: 'cpu-user', fired: true, firedAfterS: -6, recoveredAfterS: 30, reason: 'it is muted' };
  const upgraded = upgradeAlarms({
    schemaVersion: 1,
    backtest: [{ transitions: [{ why: 'over 50' }], sweep: { why: 'no breach' } }, { noData: 'no credits' }],
    drill: { monitors: [monitor], warnings: ['no answer'] },
  });
  expect(upgraded).toEqual({
    schemaVersion: 2,
    backtest: [
      { transitions: [{ why: legacy('over 50') }], sweep: { why: legacy('no breach') } },
      { noData: legacy('no credits') },
    ],
    drill: {
      monitors: [{ key: 'cpu-user', fired: true, recoveredAfterS: 30, reason: legacy('it is muted') }],
      warnings: [legacy('no answer')],
    },
  });
});

test('the end of a stage in an old seconds.jsonl keeps its reason', () => {
  expect(upgradeLine({ kind: 'stage-end', aborted: 'stopped' })).toEqual({
    kind: 'stage-end',
    aborted: legacy('stopped'),
  });
  expect(upgradeLine({ kind: 'load', aborted: 'x' })).toEqual({ kind: 'load', aborted: 'x' });
});
