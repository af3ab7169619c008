import { describe, expect, test } from '@jest/globals';
import { stayAwake } from '../../../engines/timing/stay-awake.ts';

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a process that stays awake', () => {
  test('reports the time in which it only looked, and no other', async () => {
    const polled: number[] = [];
    const of = { events: 0, polled: (ms: number) => void polled.push(ms) };
    const sleep = stayAwake(of);
    for (let turn = 0; turn < 3; turn++) await turnOfLoop();
    const idle = polled.length;
    expect(idle).toBeGreaterThanOrEqual(2);
    for (let turn = 0; turn < 5; turn++) {
      of.events++;
      await turnOfLoop();
    }
    expect(polled).toHaveLength(idle);
    sleep();
  });

  test('looks no more when it may sleep', async () => {
    const polled: number[] = [];
    const sleep = stayAwake({ events: 0, polled: (ms) => void polled.push(ms) });
    await turnOfLoop();
    sleep();
    const before = polled.length;
    for (let turn = 0; turn < 3; turn++) await turnOfLoop();
    expect(polled).toHaveLength(before);
  });
});
