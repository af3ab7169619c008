import { describe, expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram } from '../../../model/latency/histogram.ts';
import type { LoadLine } from '../../../model/second.ts';
import { stageFromLines } from '../../../model/stage/stage-result.ts';
import { recordUs } from '../../../model/test/latency/record-us.ts';
import { isoAt, makeLatency, makeSecond, makeStage } from '../../../model/test/make-run.ts';
import { warningsOf } from '../../run/stage-warnings.ts';
import { judgeValidity } from '../../run/validity.ts';

/** Of 100 requests that were all sent so late. */
const lag = (ms: number): string => {
  const histogram = createHistogram();
  for (let count = 0; count < 100; count++) recordUs(histogram, ms * 1000);
  return encodeHistogram(histogram);
};

const open = (changes: (second: number) => Partial<LoadLine>): LoadLine[] =>
  Array.from({ length: 8 }, (_, second) =>
    makeSecond(100, { at: isoAt(second), intended: 100, dropped: 0, ...changes(second) }),
  );

const stageOf = (seconds: readonly LoadLine[], cutS?: number) =>
  stageFromLines(
    {
      kind: 'stage',
      stage: 0,
      name: 's',
      stageKind: 'open',
      role: 'measured',
      startedAt: isoAt(0),
      ...(cutS !== undefined && { cutS }),
    },
    seconds,
    [],
  );

const codes = (seconds: readonly LoadLine[], cutS?: number) =>
  warningsOf(stageOf(seconds, cutS), seconds).map(({ code }) => code);

test('connections that were not open when the stage began are a warning', () => {
  const stage = makeStage({ kind: 'open', keepAlive: { opened: 20, unopened: 3 } });
  expect(warningsOf(stage, [])).toMatchObject([{ code: 'connections-not-open', unopened: 3 }]);
});

test('data that no request asked for is a warning, and explains connections that were not open', () => {
  const stage = makeStage({ kind: 'open', keepAlive: { opened: 20, unopened: 3, unasked: 1 } });
  expect(warningsOf(stage, [])).toMatchObject([{ code: 'data-unasked', connections: 1 }]);
});

describe('requests', () => {
  test('that this machine could not send are no failure of the target', () => {
    const stage = makeStage({ errors: { EMFILE: 3, EADDRNOTAVAIL: 1, ECONNRESET: 2 } });
    expect(warningsOf(stage, [])).toMatchObject([{ code: 'connections-failed', errors: { ECONNRESET: 2 } }]);
  });

  test('that were sent again are a warning: each may be a crash of the target', () => {
    const seconds = open(() => ({ repeated: 2 }));
    expect(warningsOf(stageOf(seconds), seconds)).toMatchObject([{ code: 'requests-repeated', repeated: 16 }]);
  });

  test('that the generator was too late for are a warning, and invalid above 1 in 1,000; never drops of the target', () => {
    const late = (count: number) =>
      open((second) => ({
        intended: 200,
        sent: 200 - (second === 3 ? count : 0),
        ...(second === 3 && { late: count }),
      }));
    const [one, two] = [late(1), late(2)];
    expect(stageOf(one).requests).toMatchObject({ intended: 1600, sent: 1599, late: 1, dropped: 0 });
    expect(codes(one)).toEqual(['requests-late']);
    expect(codes(two)).toEqual([]);
    expect(judgeValidity([stageOf(two)], two, undefined).reasons).toContainEqual(
      expect.objectContaining({ code: 'generator-late', late: 2 }),
    );
  });
});

test('p99.9 and the maximum of a stage may be those of its generator, while its p99 is not', () => {
  const stage = makeStage({
    kind: 'open',
    scheduleLagUs: makeLatency(500, { p999: 40_000 }),
    latencyUs: makeLatency(3000, { p999: 45_000 }),
    pauses: { stalledS: 0.2, pausedS: 0.04 },
  });
  expect(warningsOf(stage, [])).toMatchObject([{ code: 'tail-late', lagMs: 40, stalledMs: 200, pausedMs: 40 }]);
  expect(warningsOf({ ...stage, latencyUs: makeLatency(3000, { p999: 450_000 }) }, [])).toEqual([]);
});

describe('a late first second', () => {
  const late = open((second) => ({ lagUs: lag(second === 0 ? 40 : 1) }));

  test('is compared with the others, though it is 1 of 8 and in every percentile of the whole', () => {
    const stage = stageOf(late);
    expect(stage.scheduleLagUs?.p99).toBeGreaterThan(39_000);
    expect(warningsOf(stage, late)).toMatchObject([
      { code: 'first-second-late', stage: 's', firstMs: expect.closeTo(40, 0), laterMs: expect.closeTo(1, 1) },
    ]);
  });

  test('is compared with nothing where it is the only one', () => {
    expect(warningsOf(stageOf(late.slice(0, 1)), late.slice(0, 1))).toMatchObject([
      { code: 'first-second-late', text: expect.not.stringContaining('later:') },
    ]);
  });

  test('is no warning where the others are as late, or where it is left out', () => {
    expect(codes(open(() => ({ lagUs: lag(40) })))).not.toContain('first-second-late');
    expect(codes(late, 1)).not.toContain('first-second-late');
  });

  test('that is left out makes no run invalid: lag is judged in the seconds that latency is of', () => {
    const veryLate = open((second) => ({ lagUs: lag(second === 0 ? 400 : 1) }));
    expect(judgeValidity([stageOf(veryLate, 0)], veryLate, undefined).verdict).toBe('invalid');
    expect(judgeValidity([stageOf(veryLate, 1)], veryLate, undefined).verdict).toBe('valid');
  });
});
