import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { cpuPercent, parseProcStat } from '../../../collectors/proc/proc-stat.ts';

const captured = readFileSync(new URL('../../fixtures/proc-stat.txt', import.meta.url), 'utf8');
const ticks = (user: number, system: number, iowait: number, stolen: number, idle: number) => ({
  user,
  system,
  iowait,
  stolen,
  idle,
});

describe('parseProcStat', () => {
  test('reads all cores together and each', () => {
    const { all, cores } = parseProcStat(captured);
    const sum = (state: 'user' | 'idle') => cores.reduce((total, core) => total + core[state], 0);
    expect(cores).toHaveLength(2);
    expect(Math.abs(all.user - sum('user'))).toBeLessThanOrEqual(2);
    expect(Math.abs(all.idle - sum('idle'))).toBeLessThanOrEqual(2);
  });

  test('counts nice as user and interrupts as system, as the Datadog agent does', () => {
    const { all } = parseProcStat('cpu  100 20 30 400 50 6 7 8 9 10\ncpu0 100 20 30 400 50 6 7 8 9 10\n');
    expect(all).toEqual(ticks(120, 43, 50, 8, 400));
  });

  test('refuses a text without CPU lines', () => {
    expect(() => parseProcStat('intr 1 2 3\n')).toThrow('no cpu line');
  });
});

describe('cpuPercent', () => {
  test('gives the share of each state', () => {
    expect(cpuPercent(ticks(0, 0, 0, 0, 0), ticks(50, 20, 10, 5, 115), 200)).toEqual({
      user: 25,
      system: 10,
      iowait: 5,
      stolen: 2.5,
      idle: 57.5,
    });
  });

  test.each([
    ['overlooked', ticks(8, 2, 0, 0, 50), { user: 40, system: 10, iowait: 0, stolen: 0, idle: 50 }],
    ['counted twice', ticks(64, 16, 10, 10, 40), { user: 32, system: 8, iowait: 10, stolen: 10, idle: 40 }],
    ['never met', ticks(0, 0, 0, 0, 50), { user: 50, system: 0, iowait: 0, stolen: 0, idle: 50 }],
  ])('a program that keeps step with the tick and is %s has what idle leaves', (_, after, percent) => {
    expect(cpuPercent(ticks(0, 0, 0, 0, 0), after, 100)).toEqual(percent);
  });

  test('more idle time than has passed is no time of programs', () => {
    expect(cpuPercent(ticks(0, 0, 0, 0, 0), ticks(1, 0, 0, 0, 101), 100)).toMatchObject({ user: 0, idle: 100 });
  });

  test('leaves out a counter that went backwards and takes the time that passed as the whole', () => {
    expect(cpuPercent(ticks(0, 0, 90, 0, 0), ticks(50, 0, 80, 0, 100), 200)).toEqual({
      user: 25,
      system: 0,
      stolen: 0,
      idle: 50,
    });
  });

  test('says nothing when no tick passed', () => {
    expect(cpuPercent(ticks(1, 1, 1, 1, 1), ticks(1, 1, 1, 1, 1), 100)).toEqual({});
    expect(cpuPercent(ticks(0, 0, 0, 0, 0), ticks(1, 0, 0, 0, 1), 0)).toEqual({});
  });
});
