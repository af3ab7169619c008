import { expect, test } from '@jest/globals';
import { type ProfileStage, profileStageSchema } from '../../../model/profile.ts';
import { generatorCount } from '../../generators/generator-count.ts';

const open = (arrivalRatePerS: unknown) => ({ kind: 'open', name: 'o', arrivalRatePerS, durationS: 5 });
const closed = (connections: number, thinkTimeS?: number) => ({
  kind: 'closed',
  name: 'c',
  connections,
  durationS: 5,
  ...(thinkTimeS && { thinkTimeS }),
});

test.each<[number, string, number, object[]]>([
  [1, 'a low rate on many cores', 16, [open(500)]],
  [1, 'the highest rate of one process', 16, [open(20_000)]],
  [3, 'a ramp, by its highest rate', 16, [open({ from: 100, to: 45_000 })]],
  [2, 'the stage that needs most', 16, [open(10), open(30_000)]],
  [1, 'users that think', 16, [closed(10_000, 1)]],
  [7, 'connections whose rate the target sets', 8, [open(10), closed(50)]],
  [8, 'no more than 8', 64, [open(1_000_000)]],
  [1, 'two cores', 2, [open(1_000_000)]],
  [1, 'a single core', 1, [closed(50)]],
])('%d for %s', (count, _, cores, stages) => {
  const parsed = stages.map((stage) => profileStageSchema.parse(stage) as ProfileStage);
  expect(generatorCount({ stages: parsed }, cores)).toBe(count);
});
