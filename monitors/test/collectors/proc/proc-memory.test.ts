import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { loadMetrics, parseLoadAverages, parseMeminfo } from '../../../collectors/proc/proc-memory.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');

test('memory comes in bytes and the usable share as a fraction', () => {
  expect(parseMeminfo(fixture('proc-meminfo.txt'))).toEqual({
    'system.mem.total': 24_684_092 * 1024,
    'system.mem.used': (24_684_092 - 23_944_420) * 1024,
    'system.mem.usable': 24_226_816 * 1024,
    'system.mem.pct_usable': 24_226_816 / 24_684_092,
  });
});

test('an old kernel that does not say what is usable leaves it out', () => {
  expect(parseMeminfo('MemTotal:  1000 kB\nMemFree:  400 kB\n')).toEqual({
    'system.mem.total': 1_024_000,
    'system.mem.used': 614_400,
  });
});

test('load averages come as they are and by core', () => {
  expect(loadMetrics(parseLoadAverages(fixture('proc-loadavg.txt')), 2)).toEqual({
    'system.load.1': 0.1,
    'system.load.norm.1': 0.05,
    'system.load.5': 0.12,
    'system.load.norm.5': 0.06,
    'system.load.15': 0.09,
    'system.load.norm.15': 0.045,
  });
});
