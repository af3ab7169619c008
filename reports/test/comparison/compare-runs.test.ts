// Two runs made up second by second: what the comparison says of them, in every form.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { compareTwo, type RunComparison } from '../../comparison/compare-runs.ts';
import { parseMargin } from '../../comparison/margin.ts';
import { textOf } from '../../messages/text-of.ts';
import { renderComparison } from '../../render/comparison-html.ts';
import { renderComparisonMarkdown } from '../../render/comparison-markdown.ts';
import { summarizeComparison } from '../../render/comparison-terminal.ts';
import { renderComparisonJunit } from '../../render/junit.ts';
import { sideBySideTable } from '../../tables/comparison.ts';
import { stagesTable } from '../../tables/comparison-stages.ts';
import { latencyTable, thresholdTable } from '../../tables/load.ts';
import { dailyTraffic } from '../../traffic/traffic.ts';
import { judge } from '../../verdict/judge.ts';
import { blockRun } from '../block-runs.ts';
import { comparedRun } from '../compared-run.ts';
import { hostileText } from '../hostile.ts';

let same: RunComparison;
let slower: RunComparison;
let machines: RunComparison;
beforeAll(async () => {
  const base = await comparedRun({ name: 'before' });
  same = compareTwo(base, await comparedRun({ name: 'after' }));
  slower = compareTwo(base, await comparedRun({ times: 2, from: 2, name: 'after' }), [
    parseMargin('latency.p50 +0.1ms'),
    parseMargin('latency.p99 +1s'),
  ]);
  machines = compareTwo(await comparedRun({ type: 't2.medium' }), await comparedRun({ times: 1.5, type: 't2.micro' }));
});

describe('a run against one like it', () => {
  test('does not differ, and fails nothing', () => {
    expect(same.decision).toMatchObject({ answer: { code: 'no-difference' }, verdict: 'pass' });
    expect(same.differences.map(({ verdict }) => verdict)).toEqual(Array(5).fill('no difference'));
    expect(same.paired.divergesAt).toBeUndefined();
    expect(same.exitCode).toBe(0);
  });
});

describe('a run that is slower from its third second on', () => {
  test('is worse than the margin that it breaks, and not than the wide one', () => {
    expect(slower.margins.map(({ verdict }) => verdict)).toEqual(['is', 'is-not']);
    expect(slower.decision).toMatchObject({ answer: { code: 'worse' }, verdict: 'fail' });
    expect(textOf(slower.decision.question)).toBe('Is after worse than before?');
    // 3 only with --fail-on worse.
    expect(slower.exitCode).toBe(0);
  });

  test('parts from the other in that second', () => {
    const { divergesAt = -1, seconds, figure } = slower.paired;
    expect({ figure, ...seconds[divergesAt] }).toMatchObject({ figure: 'mean latency', stage: 'calm', second: 2 });
  });

  test('is told stage by stage, with intervals around the differences', () => {
    expect(slower.byStage.map(({ stage }) => stage)).toEqual(['calm', 'busy']);
    const p50 = slower.byStage[1]?.differences.find(({ metric }) => metric === 'latency.p50');
    expect(p50?.difference.value).toBeGreaterThan(1800);
    expect(p50?.difference.value).toBeLessThan(2300);
    expect(p50?.difference.low).toBeLessThan(p50?.difference.value ?? 0);
  });
});

test('a stage that is too short for an interval is told without one', () => {
  const short = { ...slower, byStage: slower.byStage.map((each) => ({ ...each, differences: [] })) };
  const { rows, note } = stagesTable(short);
  expect(rows.map((row) => row.map(({ text }) => text))[1]?.slice(4, 7)).toEqual([
    expect.stringMatching(/^2\.0\d ms$/),
    expect.stringMatching(/^4\.0\d ms$/),
    expect.stringMatching(/^\+2\.0\d ms$/),
  ]);
  expect(rows.flat().some(({ detail }) => detail !== undefined)).toBe(false);
  expect(note).toContain('fewer than 8 measured seconds has no interval');
  expect(stagesTable(slower).note).toBeUndefined();
});

test('two types that differ in no figure that could be compared have the verdict of their sizing, and say what was too short', async () => {
  const short = async (type: string) => ({ ...(await comparedRun({ type })), samples: [] });
  const traffic = dailyTraffic(1000, 'flat');
  const [medium, micro] = [await short('t2.medium'), await short('t2.micro')];
  const comparison = compareTwo(medium, micro, [], undefined, { traffic });
  expect(comparison).toMatchObject({ differences: [], exitCode: 0, decision: { answer: { code: 'yes' } } });
  const judged = compareTwo(medium, micro, [parseMargin('latency.p99 +1ms')]);
  expect(judged.exitCode).toBe(4);
  expect(judged.margins).toMatchObject([{ verdict: 'no-data', neededS: 8 }]);
});

describe('the exit code of a comparison', () => {
  const none = { verdict: 'no-verdict' as const };

  test('is 0 where it got worse and no margin was set', async () => {
    const worse = compareTwo(await comparedRun({ name: 'before' }), await comparedRun({ times: 2, name: 'after' }));
    expect(worse).toMatchObject({ decision: { verdict: 'fail' }, exitCode: 0 });
  });

  test('is 4 where a run has no verdict, however many figures differ', async () => {
    const [base, other] = [await comparedRun({ name: 'before' }), await comparedRun({ times: 2, name: 'after' })];
    const comparison = compareTwo(base, { ...other, judged: { ...other.judged, ...none } });
    expect(comparison.differences).not.toHaveLength(0);
    expect(comparison).toMatchObject({ decision: none, exitCode: 4 });
  });

  test('is 4 where no type fits the traffic that was given, and 0 without traffic', async () => {
    const [medium, micro] = [await comparedRun({ type: 't2.medium' }), await comparedRun({ type: 't2.micro' })];
    const traffic = dailyTraffic(5e9, 'flat');
    expect(compareTwo(medium, micro, [], undefined, { traffic }).exitCode).toBe(4);
    expect(compareTwo(medium, micro).exitCode).toBe(0);
  });
});

describe('two types of machine', () => {
  test('are asked about the traffic that was told when they were measured', async () => {
    const [medium, micro] = [
      await comparedRun({ type: 't2.medium' }),
      await comparedRun({ times: 1.5, type: 't2.micro' }),
    ];
    const traffic = dailyTraffic(1_000_000, 'office');
    const { decision } = compareTwo(medium, micro, [], undefined, { traffic });
    expect(textOf(decision.question)).toBe(
      'Can this workload, 1,000,000 requests a day (office), move from t2.medium to t2.micro?',
    );
  });

  test('show the p99 without CPU credits where one of them measured it', async () => {
    const name = 'p99 at baseline performance';
    const found = (comparison: RunComparison) =>
      sideBySideTable(comparison)
        .rows.find(([first]) => first?.text === name)
        ?.map(({ text }) => text);
    expect(found(machines)).toBeUndefined();
    const { candidate } = machines;
    const [calm, ...others] = candidate.judged.stages;
    if (!calm?.latencyUs) throw new Error('no stage');
    const gone = { ...calm, role: 'sustained' as const, latencyUs: { ...calm.latencyUs, p99: 61_000 } };
    const judged = { ...candidate.judged, stages: [gone, ...others] };
    expect(found({ ...machines, candidate: { ...candidate, judged } })).toEqual([name, 'no data', '61.0 ms', '']);
    expect(latencyTable(judged).rows[0]?.[0]?.text).toBe('calm (no CPU credits)');
    const noteOf = (of: typeof candidate.judged) =>
      thresholdTable({
        ...of,
        thresholds: [{ expression: 'errors.rate < 1%', verdict: 'pass', value: 0, unit: 'percent' }],
      }).note;
    expect(noteOf(judged)).toBe('Over all measured stages except "calm" (no CPU credits).');
    expect(noteOf(candidate.judged)).toBe('Over all measured stages.');
    expect(thresholdTable(candidate.judged)).not.toHaveProperty('note');
  });

  test('keep the predictions as they were made before the second was measured, as its page does', () => {
    const inBlocks = (instanceType: 't2.medium' | 't2.micro') => {
      const { run, observed } = blockRun({ instanceType });
      return { run, observed, judged: judge(run, observed), samples: [] };
    };
    const [medium, micro] = [inBlocks('t2.medium'), inBlocks('t2.micro')];
    const [prediction] = compareTwo(medium, micro).machines?.predictions ?? [];
    const { sizing } = micro.judged;
    if (!prediction || !sizing) throw new Error('nothing was predicted');
    const made = { ...prediction, predictedPerS: 1234, low: 1000, high: 1500, held: false, errorPercent: 40 };
    const predictions = [{ ...made, suspects: [] }];
    const judged = { ...micro.judged, sizing: { ...sizing, predictions } };
    expect(compareTwo(medium, { ...micro, judged }).machines?.predictions[0]).toMatchObject({
      ...{ fromType: 't2.medium', predictedPerS: 1234, low: 1000, high: 1500, held: false, errorPercent: 40 },
    });
  });

  test('differ in percent of three digits, zeros and all', () => {
    const { machines: pair } = machines;
    if (!pair) throw new Error('two types have machines');
    const ratios = { burst: { value: 0.501, low: 0.43, high: 0.562 } };
    const { rows } = sideBySideTable({ ...machines, machines: { ...pair, candidate: { ...pair.candidate, ratios } } });
    expect(rows.find(([name]) => name?.text.startsWith('Burst'))?.[3]).toMatchObject({
      text: '−49.9 %',
      detail: '−57.0 % to −43.8 %',
    });
  });

  test('that are within a margin are judged by what the second carries all the same', async () => {
    const [medium, micro] = [
      await comparedRun({ type: 't2.medium' }),
      await comparedRun({ times: 1.5, type: 't2.micro' }),
    ];
    const decide = (margin: string) => compareTwo(medium, micro, [parseMargin(margin)]).decision;
    const within = decide('latency.p99 +1s');
    const { answer, verdict, parts } = machines.decision;
    expect(within).toMatchObject({ answer, verdict });
    expect(within.parts).toEqual([
      ...parts,
      { code: 'credits-only-stages', margins: [{ code: 'margin', expression: 'latency.p99 +1s', verdict: 'is-not' }] },
    ]);
    expect(decide('latency.p50 +0.1ms')).toMatchObject({
      answer: { code: 'no' },
      verdict: 'fail',
      parts: [{ code: 'margin', expression: 'latency.p50 +0.1ms', verdict: 'is' }, ...parts],
    });
  });

  test('that were emulated say so in Markdown', () => {
    const { candidate } = machines;
    const run = { ...candidate.run, target: { ...candidate.run.target, vcpuShare: 0.5 } };
    expect(renderComparisonMarkdown({ ...machines, candidate: { ...candidate, run } })).toContain('Emulated.');
    expect(renderComparisonMarkdown(machines)).not.toContain('mulated');
  });

  test('end in the question whether the workload can move, with the price', () => {
    expect(textOf(machines.decision.question)).toBe('Can this workload move from t2.medium to t2.micro?');
    expect(machines.machines?.candidate).toMatchObject({ instanceType: 't2.micro', vcpus: 1, creditsPerHour: 6 });
    // 30 launch credits, spent at 60 an hour and earned at 6.
    expect(machines.machines?.candidate.hoursToThrottle?.launch).toBeCloseTo(30 / 54, 6);
    expect(machines.decision).toMatchObject({
      answer: { code: 'depends-on-traffic' },
      verdict: 'depends',
      parts: [{ code: 'type-sustains', usdPerMonth: expect.closeTo(-25.4, 2) }],
    });
  });
});

describe('every form', () => {
  test.each([
    ['page', renderComparison],
    ['Markdown', renderComparisonMarkdown],
    ['JUnit', renderComparisonJunit],
    ['summary', (each: RunComparison) => summarizeComparison(each, { color: false })],
  ])('%s has the decision, and no figure that is none', (_, render) => {
    for (const comparison of [same, slower, machines]) {
      const text = render(comparison);
      expect(text).toContain(textOf(comparison.decision.answer));
      expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/);
    }
  });

  test('JUnit has a failure for the margin that is broken', () => {
    expect(renderComparisonJunit(slower)).toContain('tests="4" failures="1" errors="0"');
  });

  test.each([80, 100])('the summary has at most 25 lines of %d columns', (columns) => {
    for (const comparison of [same, slower, machines]) {
      const lines = summarizeComparison(comparison, { color: false, columns }).split('\n');
      expect(lines.length).toBeLessThanOrEqual(25);
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns);
      expect(lines.slice(-2).join(' ')).toContain(textOf(comparison.decision.answer));
    }
  });

  test('text from outside stays text', async () => {
    const evil = await comparedRun({ name: hostileText });
    const comparison = compareTwo(await comparedRun({ name: 'before' }), evil);
    expect(renderComparison(comparison)).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
    expect(renderComparisonMarkdown(comparison)).not.toMatch(/<(?!\/?(sub|details|summary)>)|@all/);
  });
});

test('runs without a stage in common are open, and say so', async () => {
  const base = await comparedRun({ name: 'before' });
  const other = await comparedRun({ name: 'after' });
  const renamed = { ...other, samples: other.samples.map((each) => ({ ...each, stage: `other ${each.stage}` })) };
  const comparison = compareTwo(base, renamed);
  expect(comparison).toMatchObject({
    decision: { answer: { code: 'inconclusive' }, verdict: 'no-verdict' },
    exitCode: 4,
    stages: [],
  });
  expect(renderComparison(comparison)).toContain('The runs have no stage with responses in common.');
});
