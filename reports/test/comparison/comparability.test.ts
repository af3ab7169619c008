import { expect, test } from '@jest/globals';
import { makeRun } from '../../../model/test/make-run.ts';
import { findIncomparable } from '../../comparison/comparability.ts';
import { textOf } from '../../messages/text-of.ts';

const probed = (fastestMs: number) => makeRun({ probe: { fastestMs, medianMs: fastestMs, count: 20 } });

test('runs whose fixed computation took another time cannot be compared', () => {
  expect(findIncomparable(probed(200), probed(320)).map(textOf)).toEqual([
    'The measured core was not as fast: a fixed computation took 200 ms in the baseline run, 320 ms in the candidate run',
  ]);
});

test('probes of one machine differ by a few percent, and runs without probes by nothing', () => {
  expect(findIncomparable(probed(200), probed(210))).toEqual([]);
  expect(findIncomparable(makeRun(), probed(210))).toEqual([]);
});
