import { expect, test } from '@jest/globals';
import { type Block, blockFigure, countedBlocks } from '../block.ts';

function block(throughputPerS: number, clean = true): Block {
  return { startedAt: '2026-01-01T00:00:00.000Z', durationS: 2, throughputPerS, clean };
}

test('the figure of a stage is the median of its clean blocks', () => {
  const blocks = [...[90, 100, 110, 95, 105, 98, 102, 101].map((perS) => block(perS)), block(10, false)];
  // Of eight, the second lowest and the second highest cover the median in 93 % of all cases; both lie within 5 % here.
  expect(blockFigure(blocks)).toEqual({ value: 100.5, low: 95, high: 105.525, blocks: 8 });
});

test('blocks that differ widen the interval beyond what two runs differ by', () => {
  const figure = blockFigure([60, 70, 80, 90, 110, 120, 130, 140].map((perS) => block(perS)));
  expect(figure).toEqual({ value: 100, low: 70, high: 130, blocks: 8 });
});

test('few blocks have the interval from the lowest to the highest', () => {
  expect(blockFigure([80, 100, 130].map((perS) => block(perS)))).toEqual({ value: 100, low: 80, high: 130, blocks: 3 });
});

test('a stage without a clean block has no figure', () => {
  expect(blockFigure([block(100, false)])).toBeUndefined();
});

const slow: Block = {
  ...block(50, false),
  redisSet: { beforeUs: 14, afterUs: 15 },
  disturbance: { code: 'core-slow', text: 'The core was slow' },
};
const shared: Block = { ...slow, disturbance: { code: 'core-shared', text: 'Others used the core' } };

test('where eight blocks are clean, they alone count', () => {
  const clean = Array.from({ length: 8 }, () => block(100));
  expect(countedBlocks([slow, ...clean, shared])).toEqual(clean);
});

test('where fewer are, blocks on a slow core count if redis SETs say how slow, and none on a shared core', () => {
  const unknown = { ...block(50, false), disturbance: { code: 'core-slow', text: 'The core was slow' } };
  expect(countedBlocks([block(100), slow, shared, unknown])).toEqual([block(100), slow]);
});
