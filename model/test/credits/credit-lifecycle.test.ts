import { describe, expect, test } from '@jest/globals';
import { findBurstableType } from '../../catalogue/instance-catalogue.ts';
import type { CreditBank } from '../../credits/credit-bank.ts';
import { openBank, parseCreditStart, startMachine, stopMachine } from '../../credits/credit-lifecycle.ts';
import { UserError } from '../../user-error.ts';

const micro = findBurstableType('t2.micro');
const t3 = findBurstableType('t3.micro');

describe('a start', () => {
  test.each([
    ['launch', 'launch'],
    ['full', 'full'],
    ['empty', 'empty'],
    ['12.5', { launch: 0, earned: 12.5 }],
    ['launch=30,earned=12', { launch: 30, earned: 12 }],
    ['earned=12', { launch: 0, earned: 12 }],
  ])('%s is understood', (text, start) => {
    expect(parseCreditStart(text, '--start')).toEqual(start);
  });

  test.each(['', 'lunch', '-1', 'launch=', 'earned=1,earned=2', 'launch=1;earned=2'])('%j is refused', (text) => {
    expect(() => parseCreditStart(text, '--start')).toThrow(UserError);
  });
});

describe('a new bank', () => {
  test('has launch credits in standard mode alone, and only in T2', () => {
    expect(openBank(micro, 'standard', 'launch')).toMatchObject({ launchBalance: 30, earnedBalance: 0 });
    expect(openBank(micro, 'unlimited', 'launch')).toMatchObject({ launchBalance: 0, earnedBalance: 0 });
    expect(openBank(t3, 'standard', 'launch')).toMatchObject({ launchBalance: 0, earnedBalance: 0 });
    expect(openBank(micro, 'standard', 'full')).toMatchObject({ launchBalance: 0, earnedBalance: 144 });
  });

  test('cannot hold more than the type can have', () => {
    expect(() => openBank(micro, 'standard', { launch: 0, earned: 145 })).toThrow('144 is the most');
    expect(() => openBank(micro, 'standard', { launch: 31, earned: 0 })).toThrow('30 is the most');
    expect(() => openBank(t3, 'standard', { launch: 1, earned: 0 })).toThrow('0 is the most');
  });
});

describe('stop and start', () => {
  const bank: CreditBank = { mode: 'standard', launchBalance: 5, earnedBalance: 50, surplusBalance: 0 };

  test('T2 loses everything and gets new launch credits', () => {
    const stopped = stopMachine(bank);
    expect(startMachine(micro, stopped.bank, 0.1)).toMatchObject({ launchBalance: 30, earnedBalance: 0 });
  });

  test('T3 keeps its credits for seven days', () => {
    const stopped = stopMachine({ ...bank, launchBalance: 0 });
    expect(startMachine(t3, stopped.bank, 168)).toMatchObject({ launchBalance: 0, earnedBalance: 50 });
    expect(startMachine(t3, stopped.bank, 168.1)).toMatchObject({ launchBalance: 0, earnedBalance: 0 });
  });

  test('the surplus is charged at once', () => {
    const stopped = stopMachine({ mode: 'unlimited', launchBalance: 0, earnedBalance: 0, surplusBalance: 33 });
    expect(stopped).toMatchObject({ surplusCharged: 33, bank: { surplusBalance: 0 } });
  });
});
