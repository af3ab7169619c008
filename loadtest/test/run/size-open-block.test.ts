import { expect, test } from '@jest/globals';
import { parseThreshold } from '../../../model/threshold.ts';
import { sizeOpenBlock, tooFewRequests } from '../../run/size-open-block.ts';

const p99 = [parseThreshold('latency.p99 < 100ms')];
const p999 = [parseThreshold('latency.p999 < 100ms')];

test('a block is as long as asked where its rate is high and its SLO tight', () => {
  expect(sizeOpenBlock(1000, 1.2, p99, 16)).toEqual({ durationS: 1.2, maxConnections: 256, isRoomy: true });
});

test('at a low rate a block lasts until a percentile rests on enough requests', () => {
  expect(sizeOpenBlock(25, 1.2, p99, 16).durationS).toBe(4);
  expect(sizeOpenBlock(250, 1.2, p999, 16).durationS).toBe(4);
});

test('where even the longest block has too few requests, the reason says so', () => {
  expect(tooFewRequests(10, 1.2, p99)).toBeUndefined();
  expect(tooFewRequests(5, 60, p99)).toBeUndefined();
  expect(tooFewRequests(7.2, 1.2, p99)?.text).toBe(
    'at 7.2/s a block of 10 s has fewer than the 100 requests that the SLO needs. Use --profile capacity',
  );
});

test('a slow SLO gets longer blocks', () => {
  expect(sizeOpenBlock(1000, 1.2, [parseThreshold('latency.p99 < 1s')], 16).durationS).toBe(4);
  expect(sizeOpenBlock(1000, 1.2, [parseThreshold('latency.p99 < 30s')], 16).durationS).toBe(10);
});

test('a target that needs many connections gets several times as many, and is not judged by what lacks them', () => {
  expect(sizeOpenBlock(500, 1.2, p99, 128)).toMatchObject({ maxConnections: 512, isRoomy: true });
  expect(sizeOpenBlock(500, 1.2, p99, 256)).toMatchObject({ maxConnections: 1000, isRoomy: true });
  expect(sizeOpenBlock(500, 1.2, p99, 1024)).toMatchObject({ maxConnections: 1000, isRoomy: false });
});
