import { expect, test } from '@jest/globals';
import { readObserved, readRun } from '../../../model/run-folder.ts';
import { findBuild } from '../../sizing/build-demand.ts';
import { fixture } from '../fixture.ts';

const folder = fixture('rebuild');

test('a build takes the CPU above that of the load before it', () => {
  const build = findBuild(readRun(folder), readObserved(folder));
  // 24 % of two cores before, 97.2 % while it ran.
  expect(build?.vcpus).toBeCloseTo((2 * (97.2 - 24)) / 100, 1);
  expect(build?.durationS).toBeCloseTo(33.7, 0);
});

test('of a run without a command, or without the host, nothing is known', () => {
  expect(findBuild(readRun(folder), undefined)).toBeUndefined();
  expect(findBuild(readRun(fixture('complete')), readObserved(fixture('complete')))).toBeUndefined();
});
