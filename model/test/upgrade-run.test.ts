import { expect, test } from '@jest/globals';
import { upgradeLine, upgradeRun } from '../upgrade-run.ts';

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

test('the end of a stage in an old seconds.jsonl keeps its reason', () => {
  expect(upgradeLine({ kind: 'stage-end', aborted: 'stopped' })).toEqual({
    kind: 'stage-end',
    aborted: legacy('stopped'),
  });
  expect(upgradeLine({ kind: 'load', aborted: 'x' })).toEqual({ kind: 'load', aborted: 'x' });
});
