import { expect, test } from '@jest/globals';
import { loadProfile } from '../../../../loadtest/profiles/load-profile.ts';
import { chooseWalk, onWalk } from '../../../stress/options/choose-walk.ts';

const steps = ['/', '/cart', '/pay'].map((path) => ({
  name: path,
  method: 'GET' as const,
  path,
  headers: {},
  expect: [200],
}));
const walk = { steps };
const profile = () => ({ ...loadProfile('stress'), walk });
const request = { headers: {} } as Parameters<typeof chooseWalk>[3];

test('a walk has no search at the SLO, and one finding says so', () => {
  const chosen = chooseWalk({}, profile(), undefined, request);
  if (!chosen) throw new Error('no walk was chosen');
  expect(chosen.findings.map(({ code }) => code)).toEqual(['walk-without-slo']);
  const { stages } = onWalk(profile(), chosen);
  const ladder = stages.find(({ kind }) => kind === 'ladder');
  expect(ladder).toMatchObject({ blocks: { count: 8 } });
  expect(ladder).not.toHaveProperty('atSlo');
});

test('the light load beside a build is as many requests per second as without a walk', () => {
  const chosen = chooseWalk({}, profile(), undefined, request);
  if (!chosen) throw new Error('no walk was chosen');
  const [before, after] = [profile(), onWalk(profile(), chosen)].map(({ stages }) =>
    stages.find((stage) => stage.kind === 'build'),
  );
  expect(before?.arrivalRatePerS).toBe(200);
  expect((after?.arrivalRatePerS ?? 0) * steps.length).toBeCloseTo(200);
});

test('without a search there is nothing to say, and --slo is refused for a walk', () => {
  expect(chooseWalk({}, { ...loadProfile('smoke'), walk }, undefined, request)?.findings).toEqual([]);
  expect(chooseWalk({ once: true }, profile(), undefined, request)?.findings).toEqual([]);
  expect(() => chooseWalk({ slo: ['latency.p99 < 1s'] }, profile(), undefined, request)).toThrow(
    '--slo searches a rate of requests, which users on a walk do not have. Leave it out, or use --threshold',
  );
});
