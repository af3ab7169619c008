import { describe, expect, test } from '@jest/globals';
import { findBurstableType } from '../../../model/catalogue/instance-catalogue.ts';
import { replayCredits } from '../../../model/credits/credit-replay.ts';
import { renderReplay } from '../../messages/replay-text.ts';

const burst = [
  { hours: 24, cpuUtilizationPercent: 0 },
  { hours: 4, cpuUtilizationPercent: 100 },
];

describe('a replay as text', () => {
  test('has a row per period, aligned, and says when it throttles', () => {
    const replay = replayCredits(findBurstableType('t2.micro'), burst, { mode: 'standard', start: 'launch' });
    expect(renderReplay(replay)).toBe(
      [
        'hours    CPU  earned   spent  discarded  launch  balance  throttled',
        '   24    0 %  144.00    0.00       0.00   30.00   174.00          0',
        '    4  100 %   24.00  195.00       3.00    0.00     0.00      0.833',
        '',
        't2.micro in standard mode is throttled after 27.167 h, and for 0.833 h in total.',
      ].join('\n'),
    );
  });

  test('says what unlimited mode costs, and what is still due', () => {
    const replay = replayCredits(findBurstableType('t3.nano'), [{ hours: 5, cpuUtilizationPercent: 100 }], {
      mode: 'unlimited',
      start: 'full',
    });
    expect(renderReplay(replay)).toContain(
      't3.nano in unlimited mode never throttles. Its surplus credits cost $0.24, and $0.12 more if it stops now.',
    );
  });

  test('shows the end of a long trace', () => {
    const trace = Array.from({ length: 100 }, () => ({ hours: 1 / 60, cpuUtilizationPercent: 1 }));
    const text = renderReplay(
      replayCredits(findBurstableType('t2.micro'), trace, { mode: 'standard', start: 'empty' }),
    );
    expect(text).toContain('The last 60 of 100 periods:');
    expect(text.split('\n')).toHaveLength(64);
    expect(text).toContain('never throttles. Its lowest balance at the end of a period is 0.09 CPU credits.');
  });
});
