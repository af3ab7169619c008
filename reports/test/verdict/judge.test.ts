import { beforeAll, describe, expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram, recordUs, summarize } from '../../../model/histogram.ts';
import type { Observed } from '../../../model/observed.ts';
import type { RunRecord, StageRecord } from '../../../model/run-record.ts';
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
    expect(judged.headline).toMatch(/^FAIL: 1 of 1 threshold failed \(errors.rate < 1% is 10 %\)/);
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
    expect(judged.headline).toContain('no threshold was set');
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
      partial: 'This run was aborted: the app ended',
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
    expect(judged.headline).not.toContain('throughput');
    for (const threshold of judged.thresholds) expect(threshold.reason?.code).toBe('only-stage-aborted');
    expect(judged.questions[0]?.answers[0]).toMatchObject({
      status: 'not-measured',
      text: expect.stringMatching(/aborted in "steady", and no other.*requests were answered as expected/),
    });
  });

  test('an invalid run has none, whatever its thresholds say', () => {
    const invalid: RunRecord = {
      ...withThresholds('latency.p99 < 1us'),
      validity: { verdict: 'invalid', reasons: [{ code: 'legacy', text: 'a generator died' }] },
    };
    const judged = judge(invalid, observed);
    expect(judged).toMatchObject({ verdict: 'no-verdict', exitCode: 4, validity: invalid.validity });
    expect(judged.headline).toMatch(/^NO VERDICT: the run is invalid \(a generator died\)/);
  });

  test('an inconclusive run that measured something is judged, and says so', () => {
    const doubtful: RunRecord = {
      ...run,
      validity: { verdict: 'inconclusive', reasons: [{ code: 'legacy', text: 'noise' }] },
    };
    const judged = judge(doubtful, observed);
    expect(judged).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(judged.headline).toContain('(inconclusive: noise)');
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
    expect(judged.partial).toBe('The target died: nothing was answered from the stage "2 connections" on');
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
    expect(judged.headline).toContain('saturates at 970 requests/s with 4 connections');
    expect(judged.questions[0]?.answers[0]?.text).toMatch(
      /stops rising at 970\/s with 4 connections.*The highest seen is 1,000\/s with 8 connections/,
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
    expect(judged.questions[0]?.answers[0]?.text).not.toContain('9,000');
  });

  test('a killed run is partial and has none', async () => {
    const { judged } = await readReport(fixture('killed'));
    expect(judged).toMatchObject({ verdict: 'no-verdict', exitCode: 4 });
    expect(judged.busiest?.throughputPerS).toBeGreaterThan(0);
  });
});

describe('questions', () => {
  test('are the three of the design, in its words', () => {
    expect(judge(run, observed).questions.map((each) => each.question)).toEqual([
      'How is the server performing?',
      'Can it handle everything installed on it, and how would a t2.micro handle this?',
      'What happens to the CPU when another build runs?',
    ]);
  });

  test('what was not measured is said, with what would measure it', () => {
    const [, second, third] = judge(run, observed).questions;
    expect(second?.answers[1]).toMatchObject({
      status: 'answered',
      text: expect.stringMatching(/^Projected from this run, not measured on a t2\.micro\. It fits: .* \$25\.40 less/),
    });
    const [, unseen] = judge(run, undefined).questions;
    expect(unseen?.answers.map((each) => each.status)).toEqual(['not-measured', 'not-measured']);
    expect(unseen?.answers[1]?.text).toMatch(/^Not measured in this run: .*"npm run stress" measures a t2\.micro/);
    expect(third?.answers).toEqual([
      {
        status: 'not-measured',
        text: 'Not measured in this run: no build was started during it. A run with a build in the middle of its load (--profile rebuild --during "npm run build") would measure it.',
      },
    ]);
  });

  test('a run of a t2.micro answers its own question', () => {
    const micro: RunRecord = { ...run, target: { ...run.target, instanceType: 't2.micro' } };
    expect(judge(micro, observed).questions[1]?.answers[1]).toMatchObject({ status: 'answered' });
  });

  test('what headroom itself takes is one row, the last, with its generators in it', () => {
    const rows = judge(run, observed).boxCosts;
    expect(rows.filter(({ kind }) => kind === 'generator')).toEqual([rows.at(-1)]);
    expect(rows.at(-1)).toMatchObject({ name: 'headroom', underLoad: { cpuPercent: expect.any(Number) } });
    expect(rows.filter(({ name }) => name === 'load generator')).toEqual([]);
  });

  test('without an observation nothing is said about the box', () => {
    expect(judge(run, undefined).questions[1]?.answers[0]?.status).toBe('not-measured');
    expect(judge(run, undefined).boxCosts.map((each) => each.name)).toEqual(['load generator']);
  });
});

describe('doubts', () => {
  test('a machine that is busy before the load is named', () => {
    const busy: Observed = structuredClone(observed);
    for (const stage of busy.stages) stage.metrics['system.cpu.idle'] = { min: 0, max: 50, avg: 24, samples: 3 };
    expect(judge(run, busy).warnings.at(-1)?.text).toMatch(
      /^before the load began, 76 % of the CPU was in use already/,
    );
  });

  test('other programs that share the machine during the load are named, but not headroom', () => {
    const use = (percent: number) => ({
      cpuPercent: { min: percent, max: percent, avg: percent, samples: 3 },
      rssBytes: { min: 1e6, max: 1e6, avg: 1e6, samples: 3 },
    });
    const beside = (tsc: number, headroom: number): Observed => {
      const shared: Observed = structuredClone(observed);
      shared.stages.forEach((stage, index) => {
        const before = run.stages[index]?.role === 'idle';
        stage.metrics['system.cpu.idle'] = { min: 50, max: 90, avg: 90, samples: 3 };
        stage.services = { tsc: use(before ? 0 : tsc), cron: use(before ? 0 : 2), headroom: use(headroom) };
      });
      return shared;
    };
    const machine = { ...run, generator: { ...run.generator, cores: 2 } };
    expect(judge(machine, beside(48, 10)).warnings.at(-1)?.text).toMatch(
      /^during the load, other programs used 25 % of the machine's CPU \(most of it tsc, 24 %\)/,
    );
    expect(
      judge(machine, beside(4, 90))
        .warnings.map(({ text }) => text)
        .join(),
    ).not.toContain('other programs used');
    // As much as before the load, a second of it alone, or beside a target that somebody else started.
    const quiet = (change: (shared: Observed) => void, of = machine) => {
      const shared = beside(48, 10);
      change(shared);
      expect(
        judge(of, shared)
          .warnings.map(({ text }) => text)
          .join(),
      ).not.toContain('other programs used');
    };
    quiet((shared) => {
      for (const stage of shared.stages) stage.services.tsc = use(48);
    });
    quiet((shared) => {
      for (const stage of shared.stages) stage.metrics['system.cpu.idle'] = { min: 50, max: 90, avg: 90, samples: 90 };
    });
    quiet(() => undefined, { ...machine, target: { ...run.target, startedByHarness: false } });
    const command = { line: 'npm run build', startedAt: run.startedAt, durationS: 1, exitCode: 0 };
    const built = { ...machine, stages: run.stages.map((stage) => ({ ...stage, command })) };
    expect(
      judge(built, beside(48, 10))
        .warnings.map(({ text }) => text)
        .join(),
    ).not.toContain('other programs used');
  });

  test('few answers are named', () => {
    const histogram = createHistogram();
    for (let answer = 1; answer <= 150; answer++) recordUs(histogram, answer);
    const summary = summarize(histogram);
    if (!summary) throw new Error('nothing was recorded');
    const latencyUs = { ...summary, histogram: encodeHistogram(histogram) };
    const few = changeMeasured({ ...run, stages: measured(run).slice(0, 1) }, () => ({ latencyUs }));
    const [unseen, percentiles] = judge(few, undefined).doubts;
    expect(unseen).toMatch(/^Nobody observed the host under load/);
    expect(percentiles).toBe(
      'The percentiles rest on 150 answers: p99 is one of the slowest 2. Run longer to be surer.',
    );
    expect(judge(run, undefined).doubts.join(' ')).not.toContain('percentiles rest on');
  });
});

test('seconds that are missing are told', async () => {
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
  const warnings = async (kept: typeof lines) =>
    judge(run, observed, await collect(kept)).warnings.map(({ text }) => text);
  expect(await warnings(lines)).toEqual([]);
  const loads = lines.filter(({ kind }) => kind === 'load');
  expect(await warnings(lines.filter((line) => line !== loads[3]))).toEqual([]);
  expect(await warnings(lines.filter((line) => line.kind !== 'load' || loads.indexOf(line) < 5))).toEqual([
    'seconds.jsonl has 5 s of the 20 s of load: charts, trends and comparisons show those alone',
  ]);
});
