import { expect, test } from '@jest/globals';
import { loadProfile } from '../../../loadtest/profiles/load-profile.ts';
import { livePlan } from '../../stress/live-plan.ts';

test.each([
  ['smoke', ['idle', 'closed', 'closed'], [false, false, false]],
  ['capacity', ['idle', 'open', 'capacity'], [false, false, true]],
])('the plan of %s marks the stages that become several', (name, kinds, many) => {
  const profile = loadProfile(name);
  expect(profile.stages.map(({ kind }) => kind)).toEqual(kinds);
  expect(livePlan(profile, 60)).toEqual({
    stages: profile.stages.map((stage, at) => ({ name: stage.name, many: many[at] })),
    longestS: 60,
  });
});
