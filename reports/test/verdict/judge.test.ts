import { beforeAll, describe, expect, test } from '@jest/globals';
import { proxyService } from '../../../model/catalogue/box-programs.ts';
import type { Finding } from '../../../model/finding.ts';
import { createHistogram, encodeHistogram, summarize } from '../../../model/latency/histogram.ts';
import type { Observed } from '../../../model/observed.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { recordUs } from '../../../model/test/latency/record-us.ts';
import { textOf } from '../../messages/text-of.ts';
import { collectSeconds } from '../../series/seconds.ts';
import { judge } from '../../verdict/judge.ts';
import { readReport } from '../../write.ts';
import { fixture } from '../fixture.ts';
import { makeRunFolder } from '../made-run.ts';

let run: RunRecord;
let observed: Observed;
beforeAll(async () => {
  const report = await readReport(fixture('complete'));
  if (!report.observed) throw new Error('the fixture has no observation');
  ({ run, observed } = report as typeof report & { observed: Observed });
});

const measured = (of: RunRecord) => of.stages.filter((stage) => stage.role === 'measured');
const sum = (stages: readonly StageRecord[], value: (stage: StageRecord) => number) =>
  stages.reduce((total, stage) => total + value(stage), 0);
const withThresholds = (...thresholds: string[]): RunRecord => ({ ...run, thresholds });
const changeMeasured = (of: RunRecord, change: (stage: StageRecord) => Partial<StageRecord>): RunRecord => ({
  ...of,
  stages: of.stages.map((stage) => (stage.role === 'measured' ? { ...stage, ...change(stage) } : stage)),
});

describe('thresholds', () => {
  test('are judged over the measured stages together, warm-up and idle left out', () => {
    const stages = measured(run);
    const judged = judge(withThresholds('throughput > 1/s', 'errors.count < 1', 'latency.max > 1us'), observed);
    const [throughput, errors, latency] = judged.thresholds;
    expect(throughput?.value).toBeCloseTo(
      sum(stages, (stage) => stage.throughputPerS * stage.durationS) / sum(stages, (stage) => stage.durationS),
    );
    expect(errors?.value).toBe(0);
    // Decoding the merged histogram rounds to the upper end of a bucket: within 0.1 %.
    const highest = Math.max(...stages.map((stage) => stage.latencyUs?.max ?? 0));
    expect(Math.abs((latency?.value ?? 0) / highest - 1)).toBeLessThan(0.001);
  });

  test('of throughput count neither the warm-up nor what was answered after the load had ended', () => {
    const rates = [200, 400];
    const overloaded = changeMeasured(withThresholds('throughput > 400/s'), (stage) => ({
      durationS: 40,
      throughputPerS: rates.shift() ?? 250,
      steady: {
        cutS: stage === measured(run)[0] ? 30 : 0,
        method: 'mser-5',
        reason: { code: 'warm-up-cut' },
        steady: true,
      },
      requests: { ...stage.requests, completed: 100_000 },
    }));
    const others = measured(run).length - 2;
    const [threshold] = judge(overloaded, observed).thresholds;
    expect(threshold?.verdict).toBe('fail');
    expect(threshold?.value).toBeCloseTo((200 * 10 + 400 * 40 + others * 250 * 40) / (10 + 40 + others * 40));
  });

  test('count other statuses, time-outs and connection errors as errors, of all that was sent', () => {
    const bad = changeMeasured(withThresholds('errors.rate < 1%'), (stage) => ({
      requests: { ...stage.requests, sent: 100, completed: 94 },
      outcomes: { ok: 90, unexpectedStatus: 4, timeout: 3, connectionError: 3 },
    }));
    const judged = judge(bad, observed);
    expect(judged.thresholds[0]).toMatchObject({ verdict: 'fail', value: 10 });
    expect(judged).toMatchObject({ verdict: 'fail', exitCode: 3 });
    expect(textOf(judged.headline)).toMatch(/^The threshold failed \(errors.rate < 1%: measured 10 %\)/);
  });

  test('of host metrics come from the observation', () => {
    const judged = judge(withThresholds('system.cpu.user.max < 1%', 'system.cpu.user.avg >= 0%'), observed);
    expect(judged.thresholds.map((each) => each.value)).toEqual([
      observed.measured['system.cpu.user']?.max,
      observed.measured['system.cpu.user']?.avg,
    ]);
    expect(judged.thresholds.map((each) => each.verdict)).toEqual(['fail', 'pass']);
  });

  test('without a sample are no-data with a reason, and the run has no verdict', () => {
    const judged = judge(withThresholds('system.cpu.user.max < 90%'), undefined);
    expect(judged.thresholds).toEqual([
      {
        expression: 'system.cpu.user.max < 90%',
        unit: 'percent',
        verdict: 'no-data',
        reason: expect.objectContaining({ code: 'host-not-observed' }),
      },
    ]);
    expect(judged).toMatchObject({ verdict: 'no-verdict', exitCode: 4 });
  });
});

describe('verdict', () => {
  test('pass when all hold, and when none was set', () => {
    expect(judge(run, observed)).toMatchObject({ verdict: 'pass', exitCode: 0 });
    const judged = judge(withThresholds(), observed);
    expect(judged).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(judged.headline.parts[0]?.code).toBe('no-threshold-set');
  });

  test('a failed threshold of an aborted run is still a failure', () => {
    const aborted: RunRecord = {
      ...withThresholds('latency.p99 < 1us'),
      status: 'aborted',
      statusReason: { code: 'legacy', text: 'the app ended' },
    };
    expect(judge(aborted, observed)).toMatchObject({ verdict: 'fail', exitCode: 3 });
    expect(judge({ ...aborted, thresholds: run.thresholds }, observed)).toMatchObject({
      verdict: 'no-verdict',
      exitCode: 4,
      partial: { code: 'run-cut-off', status: 'aborted', reason: { text: 'the app ended' } },
    });
  });

  test('a stage in which the run was aborted is left out of the judgement', () => {
    const last = measured(run).at(-1) as StageRecord;
    const broken: StageRecord = {
      ...last,
      name: 'broken',
      aborted: { code: 'legacy', text: 'the app ended' },
      outcomes: { ...last.outcomes, connectionError: 1_000_000 },
    };
    const aborted: RunRecord = {
      ...withThresholds('errors.rate < 1%'),
      status: 'aborted',
      statusReason: { code: 'legacy', text: 'the app ended' },
      stages: [...run.stages.filter((stage) => stage.kind !== 'idle'), broken],
    };
    const judged = judge(aborted, undefined);
    expect(judged.measured.leftOut).toEqual(['broken']);
    expect(judged.busiest?.stage).not.toBe('broken');
    expect(judged.thresholds[0]).toMatchObject({ verdict: 'pass', value: 0 });
    expect(judged.exitCode).toBe(4);
  });

  test('an only stage in which the target died is no performance, and says why', () => {
    const only = run.stages.find((stage) => stage.role === 'measured') as StageRecord;
    const aborted: RunRecord = {
      ...withThresholds('errors.rate < 1%', 'latency.p99 < 1s', 'throughput > 1/s'),
      status: 'aborted',
      statusReason: { code: 'legacy', text: 'the app ended' },
      stages: [{ ...only, name: 'steady', aborted: { code: 'legacy', text: 'the app ended' } }],
    };
    const judged = judge(aborted, undefined);
    expect(judged.busiest).toBeUndefined();
    expect(judged.headline.parts.map(({ code }) => code)).toEqual(['run-cut-off']);
    for (const threshold of judged.thresholds) expect(threshold.reason?.code).toBe('only-stage-aborted');
    expect(judged.questions[0]?.answers[0]).toMatchObject({
      code: 'not-measured',
      sentences: [{ code: 'aborted-only', stages: ['steady'], ok: only.outcomes.ok }],
    });
  });

  test('an invalid run has none, whatever its thresholds say', () => {
    const invalid: RunRecord = {
      ...withThresholds('latency.p99 < 1us'),
      validity: { verdict: 'invalid', reasons: [{ code: 'legacy', text: 'a generator died' }] },
    };
    const judged = judge(invalid, observed);
    expect(judged).toMatchObject({ verdict: 'no-verdict', exitCode: 4, validity: invalid.validity });
    expect(textOf(judged.headline)).toMatch(/^The run is invalid: a generator died\. /);
  });

  const inconclusive = (reason: Finding, thresholds = run.thresholds): RunRecord => ({
    ...run,
    thresholds,
    validity: { verdict: 'inconclusive', reasons: [reason] },
  });

  test('thresholds that hold are no verdict where the measurement leaves them open', () => {
    const behind = {
      code: 'littles-law-broken',
      stage: '200/s',
      inFlight: 220,
      expected: 187.3,
      text: 'It fell behind',
    };
    expect(judge(inconclusive(behind), observed)).toMatchObject({ verdict: 'no-verdict', exitCode: 4 });
    expect(textOf(judge(inconclusive(behind), observed).headline)).toMatch(
      /^The run is inconclusive: It fell behind\. /,
    );
    const failed = judge(inconclusive(behind, ['latency.p99 < 1us']), observed);
    expect(failed).toMatchObject({ verdict: 'fail', exitCode: 3 });
  });

  test('thresholds hold where only the generator was at its limit, and the headline says so', () => {
    const judged = judge(inconclusive({ code: 'generator-saturated', text: 'noise' }), observed);
    expect(judged).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(textOf(judged.headline)).toMatch(/\. The run is inconclusive: noise$/);
  });

  test('nothing answered is inconclusive and no verdict, never a pass', async () => {
    const { judged } = await readReport(fixture('no-data'));
    expect(judged).toMatchObject({ verdict: 'no-verdict', exitCode: 4, validity: { verdict: 'inconclusive' } });
    expect(judged.measured.latencyUs).toBeUndefined();
    expect(judged.busiest).toBeUndefined();
  });

  test('a target that died in mid-run is no verdict, and its last throughput no saturation', async () => {
    const { judged, run: died } = await readReport(fixture('target-died'));
    expect(died.saturation).toBeDefined();
    expect(judged).toMatchObject({ verdict: 'no-verdict', exitCode: 4 });
    expect(judged.partial).toEqual({ code: 'target-died', stage: '2 connections' });
    expect(judged.saturation).toBeUndefined();
  });

  test('rate, connections and percentiles of the saturation are those of one stage; the highest is said beside it', () => {
    const [first, second] = run.stages.filter((stage) => stage.role === 'measured') as [StageRecord, StageRecord];
    const rungs = [
      { ...first, connections: 4, throughputPerS: 970 },
      { ...second, connections: 8, throughputPerS: 1000 },
    ];
    // As earlier versions recorded it: the knee's connections with the best rung's throughput.
    const saturation = { throughputPerS: 1000, connections: 4, stage: first.name };
    const judged = judge({ ...run, stages: rungs, saturation }, undefined);
    expect(judged.saturation).toMatchObject({ throughputPerS: 970, connections: 4, stage: first.name });
    const highest = { throughputPerS: 1000, connections: 8 };
    expect(judged.headline.parts).toContainEqual({
      code: 'saturates-at',
      throughputPerS: 970,
      connections: 4,
      highest,
    });
    expect(judged.questions[0]?.answers[0]?.sentences).toContainEqual(
      expect.objectContaining({ code: 'latency-at', saturated: true, throughputPerS: 970, connections: 4 }),
    );
  });

  test('of two ladders the last tells it, and an open stage is no height of it', () => {
    const [first, second] = run.stages.filter((stage) => stage.role === 'measured') as [StageRecord, StageRecord];
    const rung = (connections: number, throughputPerS: number) => ({
      ...first,
      kind: 'closed' as const,
      name: `${connections} connections`,
      connections,
      throughputPerS,
    });
    const { connections: _, ...open } = second;
    const stages = [
      rung(1, 500),
      rung(1, 980),
      rung(2, 1000),
      { ...open, kind: 'open' as const, throughputPerS: 9000 },
    ];
    const saturation = { throughputPerS: 980, connections: 1, stage: '1 connections' };
    const judged = judge({ ...run, stages, saturation }, undefined);
    expect(judged.saturation).toMatchObject({ throughputPerS: 980, highest: { throughputPerS: 1000, connections: 2 } });
  });

  test('a killed run is partial and has none', async () => {
    const { judged } = await readReport(fixture('killed'));
    expect(judged).toMatchObject({ verdict: 'no-verdict', exitCode: 4 });
    expect(judged.busiest?.throughputPerS).toBeGreaterThan(0);
  });
});

describe('questions', () => {
  test('are the three of the design, in its words', () => {
    expect(judge(run, observed).questions.map(textOf)).toEqual([
      'How is the server performing?',
      'Can it handle everything installed on it, and how would a t2.micro handle this?',
      'What happens to the CPU when another build runs?',
    ]);
  });

  test('what was not measured is said, with what would measure it', () => {
    const [, second, third] = judge(run, observed).questions;
    expect(second?.answers[1]?.sentences).toMatchObject([
      { code: 'type-verdict', instanceType: 't2.micro', verdict: 'fits', measured: false },
      { code: 'type-throughput', burst: { predictedPerS: expect.any(Number) } },
      { code: 'type-bottleneck' },
      { code: 'type-costs', savesUsd: expect.closeTo(25.4, 2), against: 't2.medium' },
    ]);
    const [, unseen] = judge(run, undefined).questions;
    expect(unseen?.answers.map((each) => each.code)).toEqual(['not-measured', 'not-measured']);
    expect(unseen?.answers[1]?.sentences.map(({ code }) => code)).toEqual(['demand-unknown', 'measure-beside']);
    expect(third?.answers.map(textOf)).toEqual([
      "Not measured in this run. No build ran during the load. To measure one: npm run stress -- --profile rebuild --during 'npm run build'.",
    ]);
  });

  test('a run of a t2.micro answers its own question', () => {
    const micro: RunRecord = { ...run, target: { ...run.target, instanceType: 't2.micro' } };
    expect(judge(micro, observed).questions[1]?.answers[1]).toMatchObject({ code: 'answered' });
  });

  test('what headroom itself takes is one row, the last, with its generators in it', () => {
    const rows = judge(run, observed).programs;
    expect(rows.filter(({ kind }) => kind === 'generator')).toEqual([rows.at(-1)]);
    expect(rows.at(-1)).toMatchObject({ name: 'headroom', underLoad: { cpuPercent: expect.any(Number) } });
    expect(rows.filter(({ name }) => name === 'load generator')).toEqual([]);
  });

  test('without host metrics the programs on the host are not measured', () => {
    expect(judge(run, undefined).questions[1]?.answers[0]?.code).toBe('not-measured');
    expect(judge(run, undefined).programs.map((each) => each.name)).toEqual(['load generator']);
  });
});

describe('disturbances and caveats', () => {
  test('a host that is busy before the load is a disturbance', () => {
    const busy: Observed = structuredClone(observed);
    for (const stage of busy.stages) stage.metrics['system.cpu.idle'] = { min: 0, max: 50, avg: 24, samples: 3 };
    expect(judge(run, busy).disturbances).toEqual([{ code: 'host-busy-at-rest', usedPercent: 76 }]);
  });

  test('other processes that use the CPU during the load are a disturbance, but not headroom', () => {
    const use = (percent: number) => ({
      cpuPercent: { min: percent, max: percent, avg: percent, samples: 3 },
      rssBytes: { min: 1e6, max: 1e6, avg: 1e6, samples: 3 },
    });
    const beside = (tsc: number, headroom: number): Observed => {
      const shared: Observed = structuredClone(observed);
      shared.stages.forEach((stage, index) => {
        const before = run.stages[index]?.role === 'idle';
        stage.metrics['system.cpu.idle'] = { min: 50, max: 90, avg: 90, samples: 3 };
        // Started for the run, as the app was.
        const nginx = { [proxyService]: use(before ? 0 : 60) };
        stage.services = { tsc: use(before ? 0 : tsc), cron: use(before ? 0 : 2), headroom: use(headroom), ...nginx };
      });
      return shared;
    };
    const machine = { ...run, generator: { ...run.generator, cores: 2 } };
    const disturbed = (shared: Observed, of: RunRecord = machine) =>
      judge(of, shared).disturbances.filter(({ code }) => code === 'other-processes');
    expect(disturbed(beside(48, 10))).toEqual([
      { code: 'other-processes', usedPercent: 25, busiest: 'tsc', busiestPercent: 24 },
    ]);
    expect(disturbed(beside(4, 90))).toEqual([]);
    // As much as before the load, one second of it, or beside a target that others started.
    const steady = beside(48, 10);
    for (const stage of steady.stages) stage.services.tsc = use(48);
    expect(disturbed(steady)).toEqual([]);
    const short = beside(48, 10);
    for (const stage of short.stages) stage.metrics['system.cpu.idle'] = { min: 50, max: 90, avg: 90, samples: 90 };
    expect(disturbed(short)).toEqual([]);
    // Of a target that others started they may be a part.
    const running = { ...machine, target: { ...run.target, startedByHarness: false } };
    expect(disturbed(beside(48, 10), running)).toMatchObject([{ busiest: 'tsc', mayBelong: true }]);
    const command = { line: 'npm run build', startedAt: run.startedAt, durationS: 1, exitCode: 0 };
    const built = { ...machine, stages: run.stages.map((stage) => ({ ...stage, command })) };
    expect(disturbed(beside(48, 10), built)).toEqual([]);
  });

  test('few answers are named', () => {
    const histogram = createHistogram();
    for (let answer = 1; answer <= 150; answer++) recordUs(histogram, answer);
    const summary = summarize(histogram);
    if (!summary) throw new Error('nothing was recorded');
    const latencyUs = { ...summary, histogram: encodeHistogram(histogram) };
    const few = changeMeasured({ ...run, stages: measured(run).slice(0, 1) }, () => ({ latencyUs }));
    const caveats = judge(few, undefined).caveats;
    expect(caveats.map(({ code }) => code)).toEqual(['no-host-metrics', 'few-answers', 'generator-on-same-host']);
    expect(textOf(caveats[1] as Finding)).toBe(
      'The percentiles rest on 150 responses: p99 is one of the slowest 2. Run longer for a narrower interval',
    );
    expect(judge(run, undefined).caveats.map(({ code }) => code)).not.toContain('few-answers');
  });
});

test('missing seconds are a caveat', async () => {
  const { run, observed, lines } = makeRunFolder(
    [{ name: 'calm', seconds: 20, ratePerS: 200, latencyUs: () => ({ p50: 1000, p99: 5000 }), cpuPercent: 20 }],
    [],
    {},
  );
  const collect = (kept: typeof lines) =>
    collectSeconds(
      run,
      (async function* () {
        yield* kept;
      })(),
    );
  const missing = async (kept: typeof lines) =>
    judge(run, observed, await collect(kept)).caveats.filter(({ code }) => code === 'seconds-missing');
  expect(await missing(lines)).toEqual([]);
  const loads = lines.filter(({ kind }) => kind === 'load');
  expect(await missing(lines.filter((line) => line !== loads[3]))).toEqual([]);
  expect(await missing(lines.filter((line) => line.kind !== 'load' || loads.indexOf(line) < 5))).toEqual([
    { code: 'seconds-missing', recordedS: 5, loadS: 20 },
  ]);
});
