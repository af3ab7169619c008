import { expect, test } from '@jest/globals';
import type { Block } from '../../../model/block.ts';
import { isoAt, makeRun, makeStage } from '../../../model/test/make-run.ts';
import { findProxyCost } from '../../measured/proxy-cost.ts';

const stage = (nginxCpuS: number, appCpuS = 0.5) => makeStage({ nginxCpuS, appCpuS });

test('over stages it is the CPU time of nginx over their answers, between the extremes of the stages', () => {
  const run = makeRun({ stages: [stage(0.1), stage(0.14), makeStage({ role: 'warm-up', nginxCpuS: 9 })] });
  const cost = findProxyCost(run);
  expect(cost?.requestS).toBeCloseTo(0.00012, 9);
  expect(cost?.interval?.low).toBeCloseTo(0.0001, 9);
  expect(cost?.interval?.high).toBeCloseTo(0.00014, 9);
  expect(cost?.share).toBeCloseTo(0.24, 9);
});

test('a single stage has no interval', () => {
  expect(findProxyCost(makeRun({ stages: [stage(0.1)] }))).toEqual({ requestS: 0.0001, share: 0.2 });
});

test('over blocks it is the median of the clean ones', () => {
  const block = (nginxCpuS: number, clean = true): Block => {
    return { startedAt: isoAt(0), durationS: 2, throughputPerS: 1000, appCpuS: 1, nginxCpuS, clean };
  };
  const blocks = [0.2, 0.22, 0.24].map((each) => block(each)).concat(block(2, false));
  const cost = findProxyCost(makeRun({ stages: [makeStage({ nginxCpuS: 2.66, appCpuS: 4, blocks })] }));
  expect(cost?.requestS).toBeCloseTo(0.00011, 9);
  expect(cost?.interval?.high).toBeCloseTo(0.00012, 9);
});

test('without nginx, and without an answer, there is none', () => {
  expect(findProxyCost(makeRun({ stages: [makeStage()] }))).toBeUndefined();
  expect(
    findProxyCost(makeRun({ stages: [makeStage({ throughputPerS: 0, nginxCpuS: 0.01, appCpuS: 0.02 })] })),
  ).toBeUndefined();
});
