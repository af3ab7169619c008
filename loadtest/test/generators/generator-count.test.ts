import { expect, test } from '@jest/globals';
import { type ProfileStage, profileStageSchema } from '../../../model/profile.ts';
import { chooseGeneratorCount, generatorCount, type Sent, shareOfRehearsed } from '../../generators/generator-count.ts';
import { GeneratorDied } from '../../generators/generators.ts';

const open = (arrivalRatePerS: unknown) => ({ kind: 'open', name: 'o', arrivalRatePerS, durationS: 5 });
const closed = (connections: number, thinkTimeS?: number) => ({
  kind: 'closed',
  name: 'c',
  connections,
  durationS: 5,
  ...(thinkTimeS && { thinkTimeS }),
});

const count = (stages: readonly object[], cores: number, perCoreS: number, more: Partial<Sent> = {}): number =>
  generatorCount(
    {
      profile: { stages: stages.map((stage) => profileStageSchema.parse(stage) as ProfileStage) },
      secure: false,
      ...more,
    },
    cores,
    perCoreS,
  );
/** A machine on which one process is to send so many plain requests a second. */
const machineOf = (perS: number): number => (2 * perS) / shareOfRehearsed.plain;

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
])('%d for %s', (expected, _, cores, stages) => {
  expect(count(stages, cores, machineOf(20_001))).toBe(expected);
});

test('more on a slower machine, for TLS and for the steps of a walk', () => {
  const of = (perCoreS: number, more?: Partial<Sent>) => count([open(20_000)], 64, perCoreS, more);
  const usual = machineOf(20_001);
  expect(of(usual)).toBe(1);
  expect(of(usual / 2)).toBe(2);
  expect(of(usual, { secure: true })).toBe(Math.ceil(shareOfRehearsed.plain / shareOfRehearsed.secure));
  expect(of(usual, { walkSteps: 3 })).toBeGreaterThan(3);
  expect(of(usual / 1000)).toBe(7);
});

test('a rate that depends on the machine is decided by a rehearsal, and any other is not', async () => {
  const asked = { profile: { stages: [profileStageSchema.parse(open(4000)) as ProfileStage] }, secure: false };
  const nowhere = { PATH: '/nowhere', NODE_OPTIONS: '--no-such-option' };
  expect(await chooseGeneratorCount(asked, 2, nowhere)).toBe(1);
  await expect(chooseGeneratorCount(asked, 3, nowhere)).rejects.toThrow(GeneratorDied);
});
