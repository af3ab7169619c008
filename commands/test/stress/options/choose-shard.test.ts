import { expect, test } from '@jest/globals';
import { chooseShard } from '../../../stress/options/choose-shard.ts';

const startAt = '2099-01-01T00:00:00Z';
const auto = (environment: NodeJS.ProcessEnv) => chooseShard({ shard: 'auto', startAt }, environment);

test.each([
  ['GitLab', { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '3' }],
  ['AWS Batch', { AWS_BATCH_JOB_ARRAY_INDEX: '1', AWS_BATCH_JOB_ARRAY_SIZE: '3' }],
  ['Kubernetes', { JOB_COMPLETION_INDEX: '1', HEADROOM_SHARDS: '3' }],
  ['a GitHub matrix', { HEADROOM_SHARD_INDEX: '1', HEADROOM_SHARDS: '3' }],
])('--shard auto is the second of three in %s', (_where, environment) => {
  expect(auto(environment)).toEqual({ index: 1, of: 3, startAt: Date.parse(startAt) });
});

test.each([
  [{}, '--shard auto found no index of a shard: it reads CI_NODE_INDEX and CI_NODE_TOTAL (GitLab)'],
  [{ JOB_COMPLETION_INDEX: '0' }, '--shard auto found JOB_COMPLETION_INDEX, but not HEADROOM_SHARDS'],
  [{ CI_NODE_INDEX: '4', CI_NODE_TOTAL: '3' }, '(the environment says 4/3)'],
])('%j is no shard', (environment, why) => {
  expect(() => auto(environment)).toThrow(why);
});

test('all shards compute the same start by a rule', () => {
  const startOf = (rule: string, environment: NodeJS.ProcessEnv = {}) =>
    chooseShard({ shard: '1/2', startAt: rule }, environment)?.startAt ?? Number.NaN;
  const before = Date.now();
  const next = startOf('next:10m');
  expect(next % 600_000).toBe(0);
  expect(next - before).toBeGreaterThan(59_000);
  expect(next - Date.now()).toBeLessThanOrEqual(660_000);
  expect(startOf('pipeline+10m', { CI_PIPELINE_CREATED_AT: '2099-01-01T00:00:00Z' })).toBe(Date.UTC(2099, 0, 1, 0, 10));
  expect(() => startOf('pipeline+10m')).toThrow('which only GitLab sets');
  expect(() => startOf('pipeline+1s', { CI_PIPELINE_CREATED_AT: '2020-01-01T00:00:00Z' })).toThrow('5 s in the future');
  // Without a zone it is another time on a machine in another zone.
  for (const wrong of ['next:0m', 'next:10', 'soon', '+10m', '2099-01-01T00:00:00', '2099-02-30T00:00:00Z'])
    expect(() => startOf(wrong)).toThrow('--start-at must be a time like 2026-01-31T12:00:00Z, next:10m');
});

test('a shard that is given is taken, whatever the environment says', () => {
  expect(chooseShard({ shard: '1/2', startAt }, { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '3' })).toMatchObject({
    index: 0,
    of: 2,
  });
  expect(chooseShard({}, { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '3' })).toBeUndefined();
});
