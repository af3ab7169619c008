import { expect, test } from '@jest/globals';
import { describeLedger } from '../../messages/ledger.ts';
import { gradePredictions } from '../../sizing/grade-predictions.ts';
import { makeLedger } from '../../sizing/ledger.ts';
import { blockRun } from '../block-runs.ts';

const graded = (id: string, faster: number) => {
  const [medium, micro] = [blockRun({ instanceType: 't2.medium' }), blockRun({ instanceType: 't2.micro', faster })];
  const predictions = gradePredictions([medium, { ...micro, run: { ...micro.run, id } }]);
  return { predictions: predictions.map((each) => ({ ...each, suspects: [...each.suspects] })) };
};

test('a prediction counts once, though it is kept beside each run that it is about', () => {
  const [good, bad] = [graded('quiet', 1), graded('busy', 1.25)];
  const ledger = makeLedger([good, good, bad, bad]);
  expect(ledger).toMatchObject({
    graded: 4,
    held: 2,
    byState: { burst: { graded: 2, held: 1 }, sustained: { graded: 2, held: 1 } },
  });
  const [first, ...missed] = describeLedger(ledger).split('\n');
  expect(first).toBe('The intervals of 4 predictions held 2 times (burst 1 of 2, sustained 1 of 2).');
  expect(missed).toHaveLength(2);
  expect(missed[0]).toMatch(/^busy, t2\.micro burst: 10,000\/s \(.*\) predicted, 12,500\/s measured$/);
});

test('a prediction of an earlier version, which recorded no interval, is left out', () => {
  const old = {
    instanceType: 't2.micro',
    state: 'burst' as const,
    predictedPerS: 9,
    measuredPerS: 8,
    errorPercent: 12.5,
  };
  const ledger = makeLedger([{ predictions: [{ ...old, suspects: [] }] }]);
  expect(ledger.graded).toBe(0);
  expect(describeLedger(ledger)).toContain('No prediction with an interval was graded');
});
