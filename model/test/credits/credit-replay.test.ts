import { describe, expect, test } from '@jest/globals';
import { findBurstableType } from '../../catalogue/instance-catalogue.ts';
import { parseTrace, replayCredits } from '../../credits/credit-replay.ts';
import { UserError } from '../../user-error.ts';

const balances = (replay: ReturnType<typeof replayCredits>) =>
  replay.periods.map(({ balance }) => Number(balance.toFixed(2)));

describe("the user guide's standard-mode example of a t2.nano", () => {
  const replay = replayCredits(
    findBurstableType('t2.nano'),
    [
      { hours: 24, cpuUtilizationPercent: 0 },
      { hours: 12, cpuUtilizationPercent: 0 },
      { hours: 25, cpuUtilizationPercent: 2 },
      { hours: 11, cpuUtilizationPercent: 2 },
      { hours: 3, cpuUtilizationPercent: 20 },
      { hours: 15, cpuUtilizationPercent: 2 },
      { hours: 6, cpuUtilizationPercent: 0 },
    ],
    { mode: 'standard', start: 'launch' },
  );

  test('ends each period with the balance that the guide gives', () => {
    expect(balances(replay)).toEqual([102, 102, 72, 72, 45, 72, 72]);
    expect(replay.periods[0]).toMatchObject({ launchBalance: 30, earnedBalance: 72 });
    expect(replay.periods[2]?.launchBalance).toBeCloseTo(0, 9);
  });

  test('spends, earns and discards what the guide gives', () => {
    const column = (key: 'spent' | 'earned' | 'discarded') =>
      replay.periods.map((each) => Number(each[key].toFixed(2)));
    expect(column('spent')).toEqual([0, 0, 30, 13.2, 36, 18, 0]);
    expect(column('earned')).toEqual([72, 36, 75, 33, 9, 45, 18]);
    expect(column('discarded')).toEqual([0, 36, 75, 19.8, 0, 0, 18]);
    expect(replay.throttledHours).toBe(0);
    expect(replay).not.toHaveProperty('hoursToFirstThrottle');
  });
});

describe("the user guide's example of a t3.nano", () => {
  const beginning = [
    { hours: 24, cpuUtilizationPercent: 0 },
    { hours: 12, cpuUtilizationPercent: 2.5 },
    { hours: 24, cpuUtilizationPercent: 7 },
    { hours: 12, cpuUtilizationPercent: 2.5 },
  ];
  const idle = { hours: 24, cpuUtilizationPercent: 0 };

  test('standard: falls to the baseline when 122.4 credits are gone', () => {
    const replay = replayCredits(
      findBurstableType('t3.nano'),
      [...beginning, { hours: 2, cpuUtilizationPercent: 100 }, { hours: 14, cpuUtilizationPercent: 5 }, idle],
      { mode: 'standard', start: 'launch' },
    );
    expect(balances(replay)).toEqual([144, 144, 86.4, 122.4, 0, 0, 144]);
    expect(replay.periods[2]?.spent).toBeCloseTo(201.6, 6);
    // 122.4 credits at 2 vCPUs less 0.1 earned last 64.42 minutes of the two hours.
    expect(replay.hoursToFirstThrottle).toBeCloseTo(72 + 122.4 / 1.9 / 60, 9);
    expect(replay.throttledHours).toBeCloseTo(2 - 122.4 / 1.9 / 60, 9);
  });

  test('unlimited: spends surplus to its maximum, is charged beyond it, and pays it back', () => {
    const replay = replayCredits(
      findBurstableType('t3.nano'),
      [...beginning, { hours: 5, cpuUtilizationPercent: 100 }, { hours: 13, cpuUtilizationPercent: 5 }, idle],
      { mode: 'unlimited', start: 'launch' },
    );
    expect(balances(replay)).toEqual([144, 144, 86.4, 122.4, 0, 0, 0]);
    expect(replay.periods.map((each) => Number(each.surplusBalance.toFixed(2)))).toEqual([0, 0, 0, 0, 144, 144, 0]);
    // The guide rounds 122.4 to 122 and comes to 304: 600 spent - 30 earned - 122.4 - 144.
    expect(replay.periods[4]?.surplusCharged).toBeCloseTo(303.6, 6);
    expect(replay.surplusUsd).toBeCloseTo((303.6 / 60) * 0.05, 9);
    expect(replay.outstandingSurplusUsd).toBe(0);
    expect(replay.throttledHours).toBe(0);
  });
});

describe("the user guide's bill of a t2.nano in unlimited mode", () => {
  test('25 minutes at 100 % beyond the surplus maximum cost two cents', () => {
    const replay = replayCredits(
      findBurstableType('t2.nano'),
      [{ hours: (72 + 72 + 25) / 0.95 / 60, cpuUtilizationPercent: 100 }],
      { mode: 'unlimited', start: 'full' },
    );
    expect(replay.periods[0]?.surplusCharged).toBeCloseTo(25, 6);
    expect(replay.surplusUsd).toBeCloseTo(0.021, 3);
    expect(replay.outstandingSurplusUsd).toBeCloseTo((72 / 60) * 0.05, 9);
  });
});

describe('how long credits last', () => {
  test.each([
    ['t2.micro', 'launch', 100, 33.3333 / 60],
    ['t2.medium', 'launch', 100, 37.5 / 60],
    ['t2.micro', 'full', 100, 2.6667],
    ['t2.small', 'full', 100, 6],
    ['t2.medium', 'full', 100, 6],
    ['t2.medium', 'full', 50, 16],
    ['t3.micro', 'full', 100, 2.6667],
  ] as const)('%s from %s at %d %%: %d h', (name, start, cpuUtilizationPercent, hours) => {
    const trace = [{ hours: 48, cpuUtilizationPercent }];
    const replay = replayCredits(findBurstableType(name), trace, { mode: 'standard', start });
    expect(replay.hoursToFirstThrottle).toBeCloseTo(hours, 3);
  });

  test('an idle day gives a t2.micro 30 minutes on launch credits and 160 on earned ones', () => {
    const replay = replayCredits(
      findBurstableType('t2.micro'),
      [
        { hours: 24, cpuUtilizationPercent: 0 },
        { hours: 4, cpuUtilizationPercent: 100 },
      ],
      { mode: 'standard', start: 'launch' },
    );
    expect(replay.hoursToFirstThrottle).toBeCloseTo(24 + 190 / 60, 6);
  });

  test('an idle machine is full again after a day', () => {
    for (const name of ['t2.nano', 't2.2xlarge', 't3a.small', 't4g.xlarge']) {
      const type = findBurstableType(name);
      const run = (hours: number) =>
        replayCredits(type, [{ hours, cpuUtilizationPercent: 0 }], { mode: 'standard', start: 'empty' }).periods[0];
      expect(run(24)?.balance).toBeCloseTo(type.credits.maxAccruedCredits, 6);
      expect(run(23.9)?.discarded).toBe(0);
    }
  });

  test('a ramp begins to limit before the balance is gone', () => {
    const type = findBurstableType('t2.micro');
    const trace = [{ hours: 3, cpuUtilizationPercent: 100 }];
    const hard = replayCredits(type, trace, { mode: 'standard', start: 'full' });
    const ramp = replayCredits(type, trace, { mode: 'standard', start: 'full', rampBelowCredits: 9 });
    expect(ramp.hoursToFirstThrottle).toBeCloseTo((144 - 9) / 0.9 / 60, 6);
    expect(ramp.periods[0]?.balance).toBeCloseTo(9 * Math.exp(-0.1 * (180 - 150)), 6);
    expect(ramp.periods[0]?.spent).toBeLessThan(hard.periods[0]?.spent ?? 0);
    expect(() => replayCredits(type, trace, { mode: 'standard', start: 'full', rampBelowCredits: 145 })).toThrow(
      UserError,
    );
  });
});

describe('a trace', () => {
  test.each([
    [[], 't.json: the list is empty'],
    [{}, 't.json: the whole is not a list'],
    [[{ hours: 1, cpuUtilizationPercent: 101 }], 't.json: period 0: cpuUtilizationPercent must be'],
    [
      [
        { hours: 1, cpuUtilizationPercent: 1 },
        { hours: 0, cpuUtilizationPercent: 1 },
      ],
      't.json: period 1: hours must be',
    ],
  ])('%j is refused with the place of what is wrong', (value, message) => {
    expect(() => parseTrace(value, 't.json')).toThrow(UserError);
    expect(() => parseTrace(value, 't.json')).toThrow(message);
  });
});

test('the lowest balance at the end of a period is none before the first', () => {
  const idle = Array(2).fill({ hours: 1, cpuUtilizationPercent: 0 });
  const replay = replayCredits(findBurstableType('t2.micro'), idle, { mode: 'standard', start: 'empty' });
  expect(balances(replay)).toEqual([6, 12]);
  expect(replay.lowestBalance).toBeCloseTo(6, 9);
});
