import { describe, expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram } from '../../../model/latency/histogram.ts';
import type { LoadLine } from '../../../model/second.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { recordUs } from '../../../model/test/latency/record-us.ts';
import { isoAt, makeLatency, makeSecond, makeStage } from '../../../model/test/make-run.ts';
import { judgeBeside, judgeValidity } from '../../run/validity.ts';

const stage = (changes: Partial<StageRecord> = {}): StageRecord =>
  makeStage({ name: 's', kind: 'open', durationS: 4, ...changes });

const latency = (mean: number, p99 = mean) => makeLatency(mean, { p99, p999: p99, max: p99, count: 400 });

const seconds = (changes: (second: number) => Partial<LoadLine> = () => ({})): LoadLine[] =>
  [0, 1, 2, 3].map((second) =>
    makeSecond(100, { at: isoAt(second), eventLoopUtilization: 0.5, cpuS: 0.5, ...changes(second) }),
  );

describe('judgeValidity', () => {
  test('a clean run is valid, without reasons', () => {
    expect(judgeValidity([stage()], seconds(), undefined)).toEqual({ verdict: 'valid', reasons: [] });
  });

  test.each<[string, Partial<StageRecord>, object]>([
    [
      'a request that nobody sent nor dropped',
      { requests: { intended: 401, sent: 400, completed: 400, dropped: 0, open: 0 } },
      { code: 'requests-unaccounted', stage: 's', intended: 401, sent: 400, dropped: 0 },
    ],
    [
      'a socket that this machine could not open',
      { errors: { EMFILE: 2, ENOBUFS: 1 } },
      { code: 'files-used-up', stage: 's', failed: 3 },
    ],
    [
      'a request without an end',
      { requests: { intended: 400, sent: 400, completed: 399, dropped: 0, open: 0 } },
      { code: 'outcomes-unaccounted', stage: 's', sent: 400, ended: 399 },
    ],
    [
      'a generator that the machine stalls',
      { scheduleLagUs: latency(500, 30_000), pauses: { stalledS: 0.4, pausedS: 0.1 } },
      { code: 'generator-delayed', stage: 's', lagMs: expect.closeTo(30, 0), stalledMs: 400 },
    ],
    [
      'a generator that works off what came due while the machine stalled it',
      { scheduleLagUs: latency(500, 30_000), pauses: { stalledS: 0.485, pausedS: 0.65 } },
      { code: 'generator-delayed', stage: 's', stalledMs: 485 },
    ],
    [
      'a generator whose own pauses are the most of it',
      { scheduleLagUs: latency(500, 30_000), pauses: { stalledS: 0.1, pausedS: 0.25 } },
      { code: 'generator-late', stage: 's' },
    ],
  ])('%s makes it invalid', (_, changes, reason) => {
    const { verdict, reasons } = judgeValidity([stage(changes)], seconds(), undefined);
    expect(verdict).toBe('invalid');
    expect(reasons).toMatchObject([reason]);
  });

  test('errors without credits are no capacity: the run is inconclusive', () => {
    const outcomes = { ok: 20, unexpectedStatus: 380, timeout: 0, connectionError: 0 };
    const kept = stage({ kind: 'closed' });
    const without = stage({ kind: 'closed', role: 'sustained', name: 'credits gone', outcomes });
    expect(judgeValidity([kept, without], seconds(), undefined)).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'errors-without-credits', stage: 'credits gone', percent: 95 }],
    });
    expect(judgeValidity([kept, { ...without, outcomes: kept.outcomes }], seconds(), undefined).verdict).toBe('valid');
  });

  test('load that the schedule asked for and nobody tried makes it invalid; in a shard, of its share', () => {
    const asked = (rate: number) => stage({ arrivalRatePerS: { from: rate, to: rate }, arrivals: 'constant' });
    expect(judgeValidity([asked(100)], seconds(), undefined).verdict).toBe('valid');
    expect(judgeValidity([asked(110)], seconds(), undefined)).toMatchObject({
      verdict: 'invalid',
      reasons: [{ code: 'load-not-offered', stage: 's', due: 440, intended: 400 }],
    });
    expect(judgeValidity([asked(200)], seconds(), undefined, 2).verdict).toBe('valid');
    expect(judgeValidity([{ ...asked(110), arrivals: 'poisson' }], seconds(), undefined).verdict).toBe('valid');
    expect(judgeValidity([stage({ arrivalRatePerS: { from: 0, to: 220 } })], seconds(), undefined).verdict).toBe(
      'valid',
    );
  });

  test('of walks it is those that began, however many requests they have', () => {
    const walks = (begun: number) => ({ begun, completed: begun, unfinished: 0, failed: [] });
    const asked = stage({ arrivalRatePerS: { from: 25, to: 25 }, arrivals: 'constant' });
    expect(judgeValidity([{ ...asked, walks: walks(100) }], seconds(), undefined).verdict).toBe('valid');
    const { reasons } = judgeValidity([{ ...asked, walks: walks(80) }], seconds(), undefined);
    expect(reasons).toMatchObject([{ code: 'load-not-offered', stage: 's', due: 100, intended: 80, ofWalks: true }]);
    expect(reasons[0]?.text).toContain('the schedule has 100 walks');
  });

  test('a generator that is late and busy is the limit itself', () => {
    const late = (stalledS: number, pausedS: number) =>
      stage({ scheduleLagUs: latency(500, 30_000), pauses: { stalledS, pausedS } });
    const reason = {
      verdict: 'invalid',
      reasons: [{ code: 'generator-late', lagMs: expect.closeTo(30, 0) }],
    };
    expect(judgeValidity([late(0.1, 0.4)], seconds(), undefined)).toMatchObject(reason);
    const busy = seconds(() => ({ eventLoopUtilization: 0.99 }));
    expect(judgeValidity([late(0.4, 0.1)], busy, undefined)).toMatchObject(reason);
  });

  test('the same lag is no matter where the latency is far longer', () => {
    const changes = { scheduleLagUs: latency(500, 30_000), latencyUs: latency(100_000, 460_000) };
    expect(judgeValidity([stage(changes)], seconds(), undefined).verdict).toBe('valid');
  });

  test("Little's law: in flight = throughput x latency, within 10 %", () => {
    const at = (inFlightMean: number) =>
      judgeValidity([stage({ inFlightMean, rawLatencyUs: latency(200_000) })], seconds(), undefined);
    expect(at(20).verdict).toBe('valid');
    expect(at(21.9).verdict).toBe('valid');
    expect(at(26)).toMatchObject({ verdict: 'inconclusive', reasons: [{ code: 'littles-law-broken', inFlight: 26 }] });
  });

  test("Little's law is not broken by a cut that leaves the slow half of a ramp out", () => {
    const ramp = stage({ inFlightMean: 20, rawLatencyUs: latency(200_000), throughputPerS: 150 });
    expect(judgeValidity([ramp], seconds(), undefined)).toEqual({ verdict: 'valid', reasons: [] });
  });

  describe('requests open at the end', () => {
    const answeredIn = (ms: number) => {
      const histogram = createHistogram();
      recordUs(histogram, ms * 1000);
      return encodeHistogram(histogram);
    };
    const nothing = { ok: 0, unexpectedStatus: 0, timeout: 0, connectionError: 0 };
    const frozen = stage({
      kind: 'closed',
      finishedAt: '2026-01-01T00:00:04.000Z',
      requests: { intended: 310, sent: 310, completed: 300, dropped: 0, open: 10 },
      outcomes: { ok: 300, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
    });
    const lines = (slowestMs: number) =>
      seconds((second) => (second === 3 ? { outcomes: nothing } : { latencyUs: answeredIn(slowestMs) }));

    test('and a last second without an answer: the target had stopped answering', () => {
      expect(judgeValidity([frozen], lines(20), undefined)).toMatchObject({
        verdict: 'invalid',
        reasons: [{ code: 'target-stalled', stage: 's', silentMs: 1000, open: 10 }],
      });
    });

    test('also where the requests of that second timed out before the end; but not where they were refused, or none was sent', () => {
      const timedOut = {
        ...frozen,
        requests: { ...frozen.requests, open: 0 },
        outcomes: { ...frozen.outcomes, timeout: 10 },
      };
      const last = (changes: Partial<LoadLine>) =>
        seconds((second) => (second === 3 ? { outcomes: nothing, ...changes } : { latencyUs: answeredIn(20) }));
      const judged = (changes: Partial<LoadLine>) => judgeValidity([timedOut], last(changes), undefined).reasons;
      expect(judged({ sent: 10 })).toMatchObject([{ code: 'target-stalled', silentMs: 1000, open: 10 }]);
      expect(judged({ sent: 10, outcomes: { ...nothing, connectionError: 10 } })).toEqual([]);
      expect(judged({ sent: 0 })).toEqual([]);
    });

    test('that was as slow before is no wonder, nor is a stage that was ended early', () => {
      expect(judgeValidity([frozen], lines(1500), undefined).verdict).toBe('valid');
      expect(
        judgeValidity([{ ...frozen, aborted: { code: 'legacy', text: 'stopped' } }], lines(20), undefined).verdict,
      ).toBe('valid');
      expect(
        judgeValidity(
          [frozen],
          seconds(() => ({ latencyUs: answeredIn(20) })),
          undefined,
        ).verdict,
      ).toBe('valid');
    });
  });

  test('a second of four seconds, and a clock that jumps', () => {
    expect(
      judgeValidity(
        [stage()],
        seconds((second) => (second === 3 ? { durationS: 4 } : {})),
        undefined,
      ).reasons,
    ).toMatchObject([{ code: 'second-lost', stage: 's', lastedS: 4 }]);
    const jumped = seconds((second) => (second === 3 ? { at: '2026-01-01T00:01:03.000Z' } : {}));
    expect(judgeValidity([stage()], jumped, undefined)).toMatchObject({
      verdict: 'invalid',
      reasons: [{ code: 'clock-jumped', stage: 's', byMs: expect.closeTo(60_000, -2) }],
    });
  });

  test('a closed run whose generator was busy throughout says nothing of the target', () => {
    const busy = seconds(() => ({ eventLoopUtilization: 0.99 }));
    expect(judgeValidity([stage({ kind: 'closed' })], busy, undefined).verdict).toBe('inconclusive');
    const second = { ...stage({ kind: 'closed' }) };
    const idle = seconds(() => ({ stage: 1 }));
    expect(judgeValidity([stage({ kind: 'closed' }), second], [...busy, ...idle], undefined).verdict).toBe('valid');
  });

  test('a closed stage that ended in its first second had not warmed up: its generator is not called busy', () => {
    const begun = makeSecond(2, { durationS: 0.2, eventLoopUtilization: 1 });
    const { reasons } = judgeValidity([stage({ kind: 'closed', durationS: 0.2 })], [begun], undefined);
    expect(reasons.map(({ code }) => code)).not.toContain('generator-saturated');
  });

  test('without an answer as expected, or with a dead generator, there is nothing to trust', () => {
    const died = { code: 'generator-exited', text: 'Load generator 0 exited (SIGKILL)' };
    const none = stage({ outcomes: { ok: 0, unexpectedStatus: 400, timeout: 0, connectionError: 0 } });
    expect(judgeValidity([none], seconds(), undefined).verdict).toBe('inconclusive');
    expect(judgeValidity([], [], undefined).verdict).toBe('inconclusive');
    expect(judgeValidity([stage()], seconds(), died)).toEqual({
      verdict: 'invalid',
      reasons: [died],
    });
  });

  test('warm-up and idle stages are not judged', () => {
    const bad = { requests: { intended: 1, sent: 0, completed: 0, dropped: 0, open: 0 } };
    expect(
      judgeValidity(
        [stage({ ...bad, role: 'warm-up' }), stage()],
        seconds().map((line) => ({ ...line, stage: 1 })),
        undefined,
      ).verdict,
    ).toBe('valid');
  });
});

describe('judgeBeside', () => {
  const late = { scheduleLagUs: latency(500, 30_000), pauses: { stalledS: 0.4, pausedS: 0.1 } };

  test('a generator that is late beside a command leaves its latency unknown, and the run valid', () => {
    const beside = stage({ role: 'beside', ...late });
    expect(judgeBeside([beside], seconds())).toMatchObject([
      { code: 'beside-not-as-intended', stage: 's', because: { code: 'generator-delayed' } },
    ]);
    expect(judgeValidity([stage(), { ...beside, name: 'other' }], seconds(), undefined).verdict).toBe('valid');
  });

  test('a load as it was intended, and a late stage that is no such, have no finding', () => {
    expect(judgeBeside([stage({ role: 'beside' }), stage(late)], seconds())).toEqual([]);
  });

  test('a request without an end makes the run invalid beside a command too', () => {
    const requests = { intended: 400, sent: 400, completed: 399, dropped: 0, open: 0 };
    expect(judgeValidity([stage(), stage({ role: 'beside', requests })], seconds(), undefined)).toMatchObject({
      verdict: 'invalid',
      reasons: [{ code: 'outcomes-unaccounted' }],
    });
  });
});
