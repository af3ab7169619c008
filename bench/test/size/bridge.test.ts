import { expect, test } from '@jest/globals';
import { speedOf } from '../../../model/catalogue/vcpu-speed.ts';
import transfer from '../../../model/catalogue/vcpu-transfer.json' with { type: 'json' };
import { findPairs, findTransfer } from '../../size/bridge.ts';

const pairs = findPairs();

test('the intervals of the headline are those that the table gives', () => {
  expect(findTransfer(pairs)).toEqual(transfer);
});

test('a type that is left out is predicted from the SETs of its family without itself', () => {
  // T2 without t2.micro: SETs 8.92, 10.4, 10.63, 11.12, 11.12, 63.8, median 10.875; the GET of a t2.micro took 15.94 us.
  const pair = pairs.find(({ type, from }) => type === 't2.micro' && from === 'm5a');
  const m5a = speedOf('m5a.large')?.redisSetUs ?? 0;
  // GETs of an m5a took 21.81, 22.05 and 22.47 us.
  const getUs = pair === undefined ? 0 : Math.exp(pair.error) * (m5a / 10.875) * 15.94;
  expect(getUs).toBeCloseTo(22.05, 6);
});

test('a type of T2 is not predicted from T2', () => {
  expect(pairs.filter(({ from, to }) => from === 't2' && to === 't2')).toEqual([]);
});
