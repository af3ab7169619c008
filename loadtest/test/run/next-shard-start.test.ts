import { describe, expect, test } from '@jest/globals';
import { nextShardStart } from '../../run/next-shard-start.ts';

describe('nextShardStart', () => {
  test('is after the lead of 0.8 s, the stage, and the 5 s in which late answers may still come', () => {
    expect(nextShardStart(1_000_000, 2, 5)).toBeGreaterThan(1_000_000 + 800 + 2000 + 5000);
  });

  test('does not wait longer for answers than their time-out', () => {
    expect(nextShardStart(0, 2, 5) - nextShardStart(0, 2, 1)).toBe(4000);
  });
});
