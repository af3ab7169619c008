import { expect, test } from '@jest/globals';
import { lostSeconds } from '../stress/kill.ts';

const line = (startMs: number, endMs = startMs + 1000) => ({ startMs, endMs });

test.each([
  ['all are there', [line(0), line(1000)], 2900, 0],
  ['the last one is missing', [line(0), line(1000)], 3300, 1],
  ['one between is missing', [line(0), line(2000)], 3200, 1],
  ['a late line is longer than a second', [line(0, 1400), line(1400, 2600)], 4200, 0],
  ['a late line does not hide what is missing', [line(0, 1400), line(1400, 2600)], 4300, 1],
  ['the load went on after the kill of the target', [line(0), line(1000), line(2000)], 1500, 0],
])('%s', (_, lines, killedAt, lost) => expect(lostSeconds(lines, killedAt)).toBe(lost));
