import { expect, test } from '@jest/globals';
import { chooseInstance, choosePair, runPair } from '../../../stress/run/pair.ts';

const a = 'http://127.0.0.1:9/';
const b = 'http://127.0.0.1:8/';

test('two targets and their types are a pair', () => {
  const pair = choosePair({ target: a, instance: 't2.medium', pair: b, pairInstance: 't2.micro' });
  expect(pair?.sides.map(({ target, instance }) => [target.href, instance?.vcpus])).toEqual([
    [a, 2],
    [b, 1],
  ]);
  expect(choosePair({ target: a })).toBeUndefined();
});

test.each([
  [{ pair: b }, /--pair needs --target/],
  [{ target: a, pair: a }, /are the same URL/],
  [{ target: a, pair: 'localhost:80' }, /--pair localhost:80 is not an http or https URL/],
  [{ target: 'http://user:word@127.0.0.1:9/', pair: b }, /^--target contains a user name or a password/],
  [{ target: a, pair: 'http://user@127.0.0.1:8/' }, /^--pair contains a user name or a password/],
  [{ target: a, pairInstance: 't2.micro' }, /--pair-instance needs --pair/],
  [{ target: a, pairOrder: 'at-once' as const }, /--pair-order needs --pair/],
  [{ target: a, pair: b, shard: '1/2' }, /cannot be combined with --instances or --shard/],
  [{ target: a, pair: b, pairInstance: 't2.mikro' }, /t2\.mikro/],
])('%j is a mistake that one sentence explains', (given, sentence) => {
  expect(() => choosePair(given)).toThrow(sentence);
});

test('a type without a target is a mistake', () => {
  expect(() => chooseInstance({ instance: 't2.micro' })).toThrow(/To emulate types here, use --instances/);
});

test('at once: when one fails the other is stopped, and its end awaited', async () => {
  const pair = choosePair({ pairOrder: 'at-once', target: a, pair: b });
  if (!pair) throw new Error('no pair');
  const ends: string[] = [];
  const run = (side: (typeof pair.sides)[0], signal: AbortSignal): Promise<never> =>
    side.target.href === a
      ? new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            ends.push(signal.reason.reason);
            setImmediate(() => reject(new Error('stopped')));
          });
        })
      : Promise.reject(new Error('refused the connection'));
  await expect(runPair(pair, new AbortController().signal, run)).rejects.toThrow('refused the connection');
  expect(ends).toMatchObject([{ code: 'other-run-failed' }]);
});
