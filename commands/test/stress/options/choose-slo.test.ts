import { expect, test } from '@jest/globals';
import { loadProfile } from '../../../../loadtest/profiles/load-profile.ts';
import type { Profile } from '../../../../model/profile.ts';
import { withSlo } from '../../../stress/options/choose-slo.ts';

const none = { slo: undefined, threshold: undefined };
const sloOf = ({ stages }: Profile) =>
  stages.flatMap((stage) =>
    stage.kind === 'capacity' ? stage.slo : stage.kind === 'ladder' ? (stage.atSlo?.slo ?? []) : [],
  );

test('without --slo the open blocks must meet the thresholds of the run, and the one of app-p99 where it is tighter', () => {
  // The profile has latency.p99 < 500ms, and the monitor 100 ms.
  expect(sloOf(withSlo(loadProfile('stress'), none))).toEqual(['errors.rate < 1%', 'latency.p99 < 100ms']);
  const threshold = ['latency.p99 < 50ms', 'latency.p95 < 20ms', 'throughput > 10/s', 'system.cpu.user.max < 90%'];
  expect(sloOf(withSlo(loadProfile('stress'), { ...none, threshold }))).toEqual([
    'latency.p99 < 50ms',
    'latency.p95 < 20ms',
  ]);
});

test('--slo replaces it, in profile stress and in profile capacity', () => {
  for (const name of ['stress', 'capacity'])
    expect(sloOf(withSlo(loadProfile(name), { ...none, slo: ['latency.p99<20ms'] }))).toEqual(['latency.p99 < 20ms']);
});

test('--slo is refused where nothing is searched, and where a probe is too short for it', () => {
  expect(() => withSlo(loadProfile('smoke'), { ...none, slo: ['latency.p99 < 1s'] })).toThrow(
    '--slo needs --profile capacity or stress. For other profiles use --threshold',
  );
  expect(() => withSlo(loadProfile('stress'), { ...none, slo: ['system.cpu.user.max < 90%'] })).toThrow(
    'cannot judge a probe',
  );
});

test.each([
  ['latncy.p99 < 1ms', 'Did you mean'],
  ['system.cpu.user.max < 90%', 'stage ladder of profile stress: system.cpu.user.max < 90%: use latency'],
])('the SLO of a profile file is read before the load: %s is refused', (slo, message) => {
  const profile = loadProfile('stress');
  const stages = profile.stages.map((stage) =>
    stage.kind === 'ladder' ? { ...stage, atSlo: { blocks: 3, durationS: 1.2, slo: [slo] } } : stage,
  );
  expect(() => withSlo({ ...profile, stages }, none)).toThrow(message);
  expect(sloOf(withSlo({ ...profile, stages }, { ...none, slo: ['latency.p99 < 20ms'] }))).toEqual([
    'latency.p99 < 20ms',
  ]);
});
