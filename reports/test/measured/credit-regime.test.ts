import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Observed } from '../../../model/observed.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import { makeObserved } from '../../../model/test/make-run.ts';
import { findCreditChange } from '../../measured/credit-regime.ts';
import { judge } from '../../verdict/judge.ts';
import { readReport } from '../../write.ts';
import { fixture } from '../fixture.ts';

let run: RunRecord;
let judged: number[];
beforeAll(async () => {
  ({ run } = await readReport(fixture('complete')));
  judged = run.stages.flatMap((stage, index) => (stage.role === 'measured' ? [index] : []));
  expect(judged.length).toBeGreaterThan(1);
});

type Range = readonly [min: number, max: number];

/** One metric: its range in the last measured stage, and in all others. */
function observe(metric: string, last: Range, others: Range, source = 'node-exporter'): Observed {
  const summary = ([min, max]: Range) => ({ min, max, avg: (min + max) / 2, samples: 3 });
  return makeObserved(run, (_, index) => ({ [metric]: summary(index === judged.at(-1) ? last : others) }), {
    sources: [{ source, host: 'h', intervalS: 1, samples: 9, missing: [] }],
  });
}

const balance = 'aws.ec2.cpucredit_balance';
const stolen = 'system.cpu.stolen';

describe('a change of the credit regime', () => {
  test('credits that run out make the run inconclusive', () => {
    const observed = observe(balance, [0, 2], [2, 30]);
    const { validity } = judge(run, observed);
    expect(validity.verdict).toBe('inconclusive');
    expect(validity.reasons).toMatchObject([{ code: 'credits-ran-out', noneFromBegin: false }]);
  });

  test.each<[string, string, Range, Range, string]>([
    ['credits that last', balance, [1, 2], [2, 30], 'cloudwatch'],
    ['none from the begin on', balance, [0, 0.01], [0, 0.02], 'cloudwatch'],
    ['stolen CPU of a neighbour, everywhere', stolen, [5, 15], [0, 9], 'node-exporter'],
    ['an emulated machine that is given less', stolen, [60, 80], [0, 1], 'emulated'],
  ])('is not: %s', (_, metric, last, others, source) => {
    expect(findCreditChange(run, observe(metric, last, others, source))).toBeUndefined();
  });

  test('stolen CPU tells without a balance', () => {
    expect(findCreditChange(run, observe(stolen, [60, 80], [0, 1]))).toMatchObject({
      code: 'stolen-cpu-changed',
      stolenPercent: 70,
    });
  });

  test('without host metrics nothing is found', () => {
    expect(findCreditChange(run, undefined)).toBeUndefined();
  });
});
