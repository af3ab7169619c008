import { expect, test } from '@jest/globals';
import { blockOf, type CoreWatch, findBusyCores, type Visit } from '../../run/core-watch.ts';

const quiet: Visit = {
  startedAt: '2026-01-01T00:00:00.000Z',
  durationS: 2,
  throughputPerS: 1000,
  probe: { beforeMs: 200, afterMs: 210 },
  takenShare: 0.01,
  takers: [],
  seconds: [],
};

test('a block between two undisturbed speed checks is clean', () => {
  expect(blockOf(quiet, { speedCheckMs: 195 })).toEqual({
    startedAt: quiet.startedAt,
    durationS: 2,
    throughputPerS: 1000,
    probe: { beforeMs: 200, afterMs: 210 },
    takenShare: 0.01,
    clean: true,
  });
});

test.each([
  ['a slow speed check before it', { probe: { beforeMs: 300, afterMs: 200 } }, { code: 'core-slow', times: 1.5 }],
  ['a slow speed check after it', { probe: { beforeMs: 200, afterMs: 250 } }, { code: 'core-slow', times: 1.25 }],
  [
    'others on its core',
    { takenShare: 0.3, takers: ['make', 'cc1'] },
    { code: 'core-shared', text: 'Other processes used 30 % of the measured cores (make, cc1)' },
  ],
  ['a slow redis SET beside it', { redisSet: { beforeUs: 10, afterUs: 14 } }, { code: 'core-slow', times: 1.5 }],
])('%s disturbs a block', (_, changes, disturbance) => {
  expect(blockOf({ ...quiet, ...changes }, { speedCheckMs: 200, redisSetUs: 8 })).toMatchObject({
    clean: false,
    disturbance,
  });
});

function watchOf(checks: readonly number[], taken: { takenShare: number; takers: string[] }): CoreWatch {
  const left = [...checks];
  return {
    checkSpeed: async () => left.shift() as number,
    undisturbed: () => ({ speedCheckMs: 200 }),
    summary: () => undefined,
    look: () => () => taken,
  };
}

const even = Array.from({ length: 10 }, () => 200);

test('ten even speed checks on idle cores find nothing', async () => {
  expect(await findBusyCores(watchOf(even, { takenShare: 0.02, takers: [] }))).toBeUndefined();
});

test('cores that others use are named before the load, with who uses them', async () => {
  expect(await findBusyCores(watchOf(even, { takenShare: 0.6, takers: ['java'] }))).toMatchObject({
    code: 'cores-busy',
    takenPercent: 60,
    takers: ['java'],
  });
});

test('speed checks that differ are named before the load', async () => {
  const uneven = even.map((ms, index) => (index % 2 === 0 ? ms : 1.6 * ms));
  expect(await findBusyCores(watchOf(uneven, { takenShare: 0, takers: [] }))).toMatchObject({ code: 'cores-uneven' });
});
