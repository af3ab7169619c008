import { expect, test } from '@jest/globals';
import { eachLimited } from '../../datadog/each-limited.ts';

test('works on all, never on more than the limit at a time', async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  await eachLimited([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    running++;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    done.push(item);
  });
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('the first error ends it, once what was begun has ended', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = eachLimited([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    await new Promise((resolve) => setImmediate(resolve));
    if (item === 1) throw new Error('the first');
    ended.push(item);
  });
  await expect(work).rejects.toThrow('the first');
  expect({ begun, ended }).toEqual({ begun: [1, 2], ended: [2] });
});

test('nothing to do is done', async () => {
  let calls = 0;
  await eachLimited([], 4, async () => {
    calls++;
  });
  expect(calls).toBe(0);
});
