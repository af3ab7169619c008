import { expect, test } from '@jest/globals';
import { loadProfile } from '../../../../loadtest/profiles/load-profile.ts';
import { findInstanceType } from '../../../../model/catalogue/instance-catalogue.ts';
import type { Profile } from '../../../../model/profile.ts';
import type { Emulation } from '../../../stress/options/emulation.ts';
import { profileFor, startedOnce } from '../../../stress/options/profile-for.ts';

const stress = loadProfile('stress');
const machine = (name: string, changes: Partial<Emulation> = {}): Emulation => ({
  cgroups: { version: 2, tree: '/nowhere' },
  type: findInstanceType(name),
  share: { withCredits: 1, atBaseline: 1 },
  isShareAsked: false,
  start: 'launch',
  creditClock: 1,
  ...changes,
});
const names = (profile: Profile) => profile.stages.map(({ name }) => name);

test('a ladder on a T2 is followed by a stage without credits', () => {
  expect(names(profileFor(stress, machine('t2.micro'), false))).toEqual([
    'at rest',
    'warm-up',
    'ladder',
    'credits gone',
    'recovery',
    'build',
  ]);
});

test.each([
  ['a run on the host', stress, undefined],
  ['a type that never throttles', stress, machine('t3.micro')],
  ['a clock of its own', stress, machine('t2.micro', { creditClock: 60 })],
  ['a profile without a ladder', loadProfile('load'), machine('t2.micro')],
])('%s is left as it is', (_, profile, emulation) => {
  expect(profileFor(profile, emulation, false)).toBe(profile);
});

test('a machine that begins without credits is measured at its baseline alone', () => {
  const { stages } = profileFor(stress, machine('t2.micro', { start: 'empty' }), false);
  expect(stages.map(({ name }) => name)).toContain('credits gone');
  // Blocks at saturation would be taken for its burst rate.
  const ladder = stages.find(({ kind }) => kind === 'ladder');
  expect(ladder).not.toHaveProperty('blocks');
  expect(ladder).not.toHaveProperty('atSlo');
});

test('a profile that asks for empty credits needs an emulated machine, or loses the stage where there is none to be had', () => {
  const asking = profileFor(stress, machine('t2.micro'), false);
  expect(profileFor(asking, machine('t2.micro'), false)).toBe(asking);
  expect(() => profileFor(asking, machine('t3.micro'), false)).toThrow(
    'stage credits gone runs without CPU credits, and a t3.micro is never slowed down for want of them',
  );
  expect(names(profileFor(asking, undefined, true))).toEqual(names(stress));
  expect(() => profileFor(asking, undefined, false)).toThrow('credits gone runs without CPU credits');
});

test('an app that is not the shortener is started once', () => {
  const profile = profileFor(stress, machine('t2.micro'), false);
  const starts = ({ stages }: Profile) =>
    stages.flatMap((stage) => {
      if (stage.kind === 'closed') return stage.starts ?? 1;
      return stage.kind === 'ladder' ? (stage.blocks?.starts ?? 1) : [];
    });
  expect(starts(profile)).toEqual([1, 2, 2]);
  expect(starts(startedOnce(profile))).toEqual([1, 1, 1]);
  expect(names(startedOnce(profile))).toEqual(names(profile));
});
