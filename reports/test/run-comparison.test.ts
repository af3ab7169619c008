// Two runs made up second by second: what the comparison says of them, in every form.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { renderComparison } from '../comparison-html.ts';
import { renderComparisonMarkdown, summarizeComparison } from '../comparison-markdown.ts';
import { judge } from '../judge.ts';
import { renderComparisonJunit } from '../junit.ts';
import { parseMargin } from '../margin.ts';
import { type ComparedRun, compareTwo, type RunComparison } from '../run-comparison.ts';
import { sampleSeconds } from '../second-sample.ts';
import { hostileText } from './hostile.ts';
import { makeRun, type Slice } from './made-run.ts';

type Change = { readonly times?: number; readonly from?: number; readonly type?: string; readonly name?: string };

/** Two open stages; from a second of the first on everything takes so many times as long. */
async function made({ times = 1, from = 0, type, name }: Change): Promise<ComparedRun> {
  const slice = (stage: string, p50: number, offset: number): Slice => ({
    name: stage,
    seconds: 20,
    ratePerS: 200,
    latencyUs: (second) => {
      const factor = (second + offset >= from ? times : 1) * (1 + 0.03 * Math.sin(7 * (second + offset)));
      return { p50: p50 * factor, p99: 5 * p50 * factor };
    },
    cpuPercent: 20,
  });
  const { run, lines, observed } = makeRun([slice('calm', 1000, 0), slice('busy', 2000, 20)], [], {
    ...(name !== undefined && { name }),
    id: `20261122-100000-${type ?? 'made'}-${times}`,
  });
  const placed = type === undefined ? run : { ...run, target: { ...run.target, instanceType: type } };
  async function* each() {
    yield* lines;
  }
  return { run: placed, observed, judged: judge(placed, observed), samples: await sampleSeconds(placed, each()) };
}

let same: RunComparison;
let slower: RunComparison;
let machines: RunComparison;
beforeAll(async () => {
  const base = await made({ name: 'before' });
  same = compareTwo(base, await made({ name: 'after' }));
  slower = compareTwo(base, await made({ times: 2, from: 2, name: 'after' }), [
    parseMargin('latency.p50 +0.1ms'),
    parseMargin('latency.p99 +1s'),
  ]);
  machines = compareTwo(await made({ type: 't2.medium' }), await made({ times: 1.5, type: 't2.micro' }));
}, 60_000);

describe('a run against one like it', () => {
  test('does not differ, and fails nothing', () => {
    expect(same.decision).toMatchObject({ word: 'NO DIFFERENCE', verdict: 'pass' });
    expect(same.differences.map(({ verdict }) => verdict)).toEqual(Array(5).fill('no difference'));
    expect(same.paired.partsAt).toBeUndefined();
    expect(same.exitCode).toBe(0);
  });
});

describe('a run that is slower from its third second on', () => {
  test('is worse than the margin that it breaks, and not than the wide one', () => {
    expect(slower.margins.map(({ verdict }) => verdict)).toEqual(['is', 'is-not']);
    expect(slower.decision).toMatchObject({ word: 'WORSE', verdict: 'fail', question: 'Is after worse than before?' });
    expect(slower.exitCode).toBe(3);
  });

  test('parts from the other in that second', () => {
    const { partsAt = -1, seconds, figure } = slower.paired;
    expect({ figure, ...seconds[partsAt] }).toMatchObject({ figure: 'mean latency', stage: 'calm', second: 2 });
  });

  test('is told stage by stage, with intervals around the differences', () => {
    expect(slower.byStage.map(({ stage }) => stage)).toEqual(['calm', 'busy']);
    const p50 = slower.byStage[1]?.differences.find(({ metric }) => metric === 'latency.p50');
    expect(p50?.difference.value).toBeGreaterThan(1800);
    expect(p50?.difference.value).toBeLessThan(2300);
    expect(p50?.difference.low).toBeLessThan(p50?.difference.value ?? 0);
  });
});

describe('two types of machine', () => {
  test('end in the question whether the second does, with its price', () => {
    expect(machines.decision.question).toBe('Does t2.micro do?');
    expect(machines.machines?.candidate).toMatchObject({ instanceType: 't2.micro', vcpus: 1, creditsPerHour: 6 });
    // 30 launch credits, spent at 60 an hour and earned at 6.
    expect(machines.machines?.candidate.burstLastsS?.launch).toBeCloseTo((30 / 54) * 3600, 3);
    expect(machines.decision.text).toContain('saves $25.40 a month');
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
      expect(text).toContain(comparison.decision.word);
      expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/);
    }
  });

  test('JUnit has a failure for the margin that is broken', () => {
    expect(renderComparisonJunit(slower)).toContain('tests="4" failures="1" errors="0"');
  });

  test('the summary has at most 20 lines', () => {
    expect(summarizeComparison(slower, { color: false }).split('\n').length).toBeLessThanOrEqual(20);
  });

  test('text from outside stays text', async () => {
    const evil = await made({ name: hostileText });
    const comparison = compareTwo(await made({ name: 'before' }), evil);
    expect(renderComparison(comparison)).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
    expect(renderComparisonMarkdown(comparison)).not.toMatch(/<(?!\/?sub>)|@all/);
  });
});

test('runs without a stage in common are open, and say so', async () => {
  const base = await made({ name: 'before' });
  const other = await made({ name: 'after' });
  const renamed = { ...other, samples: other.samples.map((each) => ({ ...each, stage: `other ${each.stage}` })) };
  const comparison = compareTwo(base, renamed);
  expect(comparison).toMatchObject({ decision: { word: 'OPEN', verdict: 'no-verdict' }, exitCode: 4, stages: [] });
  expect(renderComparison(comparison)).toContain('The runs have no answered stage in common.');
});
