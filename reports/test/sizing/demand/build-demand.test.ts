import { expect, test } from '@jest/globals';
import { readObserved, readRun } from '../../../../model/run-folder.ts';
import type { RunRecord } from '../../../../model/run-record.ts';
import type { CommandRecord } from '../../../../model/stage/command-record.ts';
import { findBuild } from '../../../sizing/demand/build-demand.ts';
import { fixture } from '../../fixture.ts';

const folder = fixture('rebuild');

const run = readRun(folder);
const withCommand = (changes: Partial<CommandRecord>, left: readonly (keyof CommandRecord)[] = []): RunRecord => ({
  ...run,
  stages: run.stages.map(({ command, ...stage }) => {
    if (!command) return stage;
    const kept = Object.entries({ ...command, ...changes }).filter(
      ([key]) => !left.includes(key as keyof CommandRecord),
    );
    return { ...stage, command: Object.fromEntries(kept) as CommandRecord };
  }),
});

test('a build takes the CPU that its own processes used', () => {
  expect(findBuild(run, undefined)).toEqual({ vcpus: 48.4 / 33.6, durationS: 33.6 });
});

test('a build that failed, was stopped, or ran out of memory, says nothing', () => {
  expect(findBuild(withCommand({ exitCode: 3 }), undefined)).toBeUndefined();
  expect(findBuild(withCommand({ stopped: true }), undefined)).toBeUndefined();
  expect(findBuild(withCommand({ exitCode: 1, outOfMemory: 1 }), undefined)).toBeUndefined();
});

test('in an older record a build takes the CPU above that of the load before it', () => {
  const build = findBuild(withCommand({}, ['cpuS']), readObserved(folder));
  // 24 % of two cores before, 97.2 % while it ran.
  expect(build?.vcpus).toBeCloseTo((2 * (97.2 - 24)) / 100, 1);
  expect(build?.durationS).toBeCloseTo(33.7, 0);
});

test('of a run without a command, or without the host, nothing is known', () => {
  expect(findBuild(withCommand({}, ['cpuS']), undefined)).toBeUndefined();
  expect(findBuild(readRun(fixture('complete')), readObserved(fixture('complete')))).toBeUndefined();
});
