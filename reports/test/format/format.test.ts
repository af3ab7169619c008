import { describe, expect, test } from '@jest/globals';
import * as format from '../../format/format.ts';

describe('format', () => {
  test.each([
    [0, '0 ms'],
    [98, '98.0 µs'],
    [1240, '1.24 ms'],
    [99_949, '99.9 ms'],
    [99_950, '100 ms'],
    [999_499, '999 ms'],
    [999_500, '1.00 s'],
    [61_000_000, '61.0 s'],
  ])('latency of %d µs', (latencyUs, text) => expect(format.formatLatency(latencyUs)).toBe(text));

  test.each([
    [0, '0/s'],
    [0.5, '0.500/s'],
    [12.34, '12.3/s'],
    [99.96, '100/s'],
    [7412.4, '7,410/s'],
    [36_693, '36,700/s'],
  ])('rate of %d per second', (perS, text) => expect(format.formatRate(perS)).toBe(text));

  test.each([
    [{ from: 1234, to: 1234 }, '1,234/s'],
    [{ from: 0.25, to: 10_001 }, '0.25/s to 10,001/s'],
  ])('an intended rate stays as it was given', (rate, text) => expect(format.formatArrivalRate(rate)).toBe(text));

  test.each([
    [0, '0'],
    [999.9, '1,000'],
    [842_999, '843,000'],
    [999_999, '1.00 million'],
    [23_154_600, '23.2 million'],
    [27_820_800, '27.8 million'],
    [999_999_999, '1,000 million'],
  ])('a day of %d requests', (requests, text) => expect(format.formatDay(requests)).toBe(text));

  test.each([
    [0, '0 %'],
    [0.004, '< 0.01 %'],
    [0.02, '0.02 %'],
    [9.5, '9.5 %'],
    [17.04, '17 %'],
    [99.96, '100 %'],
  ])('%d percent', (percent, text) => expect(format.formatPercent(percent)).toBe(text));

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '0.977 KiB'],
    [948 * 1024 ** 2, '948 MiB'],
    [3.75 * 1024 ** 3, '3.75 GiB'],
  ])('%d bytes', (bytes, text) => expect(format.formatBytes(bytes)).toBe(text));

  test.each([
    [0.5, '0.5 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [60, '1 min'],
    [200, '3 min 20 s'],
    [3599.7, '1 h'],
    [3720, '1 h 2 min'],
    [86_400, '24 h'],
  ])('%d seconds', (durationS, text) => expect(format.formatDuration(durationS)).toBe(text));
});
