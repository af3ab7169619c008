import { expect, test } from '@jest/globals';
import type { BurstableType } from '../../../model/catalogue/instance-catalogue.ts';
import { findInstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import { predictThrottle } from '../../run/predict-throttle.ts';
import { gradeThrottle } from '../../run/run-replay.ts';

const type = findInstanceType('t2.micro') as BurstableType;
const terms = { type, start: { launch: 0, earned: 6 }, creditClock: 60 } as const;
const even = (rate: number) => Array.from({ length: 60 }, () => rate);

test('credits run out when the bank says: 6 of them at 0.4 vCPU last 20 minutes of the log', () => {
  const points = [
    { ratePerS: 50, vcpus: 0.2 },
    { ratePerS: 100, vcpus: 0.4 },
  ];
  const found = predictThrottle(even(100), points, terms);
  // A t2.micro earns 0.1 credits a minute: 6 / (0.4 - 0.1) minutes, one of which is a second of the replay.
  expect(found.predictedS).toBeCloseTo(20, 6);
  expect(found.earliestS).toBeLessThan(20);
  expect(found.latestS).toBeGreaterThan(20);
});

test('at another rate the line through the samples is followed', () => {
  const points = [
    { ratePerS: 50, vcpus: 0.3 },
    { ratePerS: 100, vcpus: 0.4 },
  ];
  expect(predictThrottle(even(150), points, terms).predictedS).toBeCloseTo(6 / (0.5 - 0.1), 6);
});

test('scattered samples give a wide interval', () => {
  const points = [0.35, 0.45, 0.37, 0.43].map((vcpus) => ({ ratePerS: 100, vcpus }));
  const { predictedS = 0, earliestS = 0, latestS = 0 } = predictThrottle(even(100), points, terms);
  expect(predictedS).toBeCloseTo(20, 6);
  expect(latestS - earliestS).toBeGreaterThan(8);
});

test('credits that outlast the replay have no moment', () => {
  const points = [{ ratePerS: 100, vcpus: 0.05 }];
  expect(predictThrottle(even(100), points, terms)).toEqual({});
});

test('a prediction holds when the moment is within its interval, also when both say never', () => {
  const predicted = { predictedAt: '2026-03-12T00:00:00Z', points: [], predictedS: 20, earliestS: 18, latestS: 22 };
  expect(gradeThrottle(predicted, 19)).toMatchObject({ measuredS: 19, held: true });
  expect(gradeThrottle(predicted, 25)).toMatchObject({ held: false });
  expect(gradeThrottle(predicted, undefined).held).toBe(false);
  expect(gradeThrottle({ predictedAt: predicted.predictedAt, points: [] }, undefined).held).toBe(true);
});
