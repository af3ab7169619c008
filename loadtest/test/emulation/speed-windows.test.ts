import { expect, test } from '@jest/globals';
import { collectWindows } from '../../emulation/speed-windows.ts';

/** A redis whose SETs take so many microseconds in turn, beside a core that is so many times slower than usual. */
async function windowsOf(taken: readonly (readonly [setUs: number, slowness: number])[], earlierUs?: number) {
  let next = -1;
  const redis = { window: async () => ({ setUs: taken[++next]?.[0] as number }), stop: async () => {} };
  const windows = collectWindows(redis as never, () => taken[next]?.[1] as number, earlierUs);
  for (const _ of taken) await windows.window();
  return windows;
}

const slow = [14, 14.5, 15, 14.2].map((setUs) => [setUs, 1.75] as const);

test('a SET beside a slow speed check is not what a SET usually takes', async () => {
  const windows = await windowsOf([[8.4, 1.01], ...slow]);
  expect(windows.undisturbedUs()).toBe(8.4);
  expect(windows.summary()).toMatchObject({ value: 8.4, windows: 5 });
});

test('where each check was slow all SETs count, or what earlier runs took', async () => {
  expect((await windowsOf(slow)).undisturbedUs()).toBeCloseTo(14.15, 6);
  expect((await windowsOf(slow, 8.5)).undisturbedUs()).toBe(8.5);
});
