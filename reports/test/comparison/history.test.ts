// Runs one after the other: which change is found, which chance is not, what is left out.
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ComparedRun } from '../../comparison/compare-runs.ts';
import { type History, makeHistory } from '../../comparison/history.ts';
import { textOf } from '../../messages/text-of.ts';
import { renderHistory, renderHistoryMarkdown } from '../../render/history-html.ts';
import { summarizeHistory } from '../../render/history-terminal.ts';
import { findChangePoints } from '../../series/change-points.ts';
import { judge } from '../../verdict/judge.ts';
import { hostileText } from '../hostile.ts';
import { makeRunFolder } from '../made-run.ts';
import { sampleSeconds } from '../sample-seconds.ts';

/** Repeatable noise from -0.5 to 0.5. */
function noise(index: number): number {
  const value = Math.sin(index * 12.9898 + 4.1) * 43758.5453;
  return value - Math.floor(value) - 0.5;
}

describe('findChangePoints', () => {
  test('finds a step of three times the noise where it is', () => {
    const values = Array.from({ length: 20 }, (_, index) => (index < 12 ? 100 : 130) + 10 * noise(index));
    expect(findChangePoints(values)).toMatchObject([{ at: 12 }]);
    expect(findChangePoints(values)[0]?.after).toBeCloseTo(130, -1);
  });

  test('finds a step up and, later, the step back', () => {
    const values = Array.from({ length: 40 }, (_, index) => (index < 20 ? 1 : index < 32 ? 2 : 1) + 0.1 * noise(index));
    expect(findChangePoints(values).map(({ at }) => at)).toEqual([20, 32]);
  });

  test('finds none in noise: at most 2 of 50 histories', () => {
    const alarms = Array.from({ length: 50 }, (_, history) =>
      findChangePoints(Array.from({ length: 15 }, (_, index) => noise(1000 * history + index))),
    ).filter((found) => found.length > 0);
    expect(alarms.length).toBeLessThanOrEqual(2);
  });

  test('finds none in a few values, in equal ones, in nothing', () => {
    expect(findChangePoints([1, 1, 1, 9, 9, 9])).toEqual([]);
    expect(findChangePoints(Array(20).fill(3))).toEqual([]);
    expect(findChangePoints([])).toEqual([]);
  });
});

async function madeRun(
  day: number,
  p50: number,
  more: { name?: string; cpuModel?: string } = {},
): Promise<ComparedRun> {
  const slice = {
    name: 'load',
    seconds: 10,
    ratePerS: 50,
    latencyUs: (second: number) => ({ p50: p50 * (1 + 0.05 * noise(day * 50 + second)), p99: 4 * p50 }),
    cpuPercent: 20,
  };
  const { run: base, lines, observed } = makeRunFolder([slice], [], {});
  const run = {
    ...base,
    id: `run-${day}`,
    startedAt: new Date(Date.UTC(2026, 0, day)).toISOString(),
    generator: { ...base.generator, ...(more.cpuModel !== undefined && { cpuModel: more.cpuModel }) },
    target: { ...base.target, commit: `c${day}` },
    ...(more.name !== undefined && { name: more.name }),
  };
  async function* each() {
    yield* lines;
  }
  return { run, observed, judged: judge(run, observed), samples: await sampleSeconds(run, each()) };
}

describe('a history', () => {
  let runs: ComparedRun[];
  let history: History;
  beforeAll(async () => {
    runs = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        madeRun(index + 1, (index < 8 ? 1000 : 1500) * (1 + 0.03 * noise(index))),
      ),
    );
    history = makeHistory([...runs].reverse());
  });

  test('is in the order of time, and names the run that made it worse', () => {
    expect(history.runs.map(({ id }) => id)).toEqual(runs.map(({ run }) => run.id));
    expect(history.decision).toMatchObject({ answer: { code: 'worse' }, verdict: 'fail' });
    expect(history.changes.find(({ metric }) => metric === 'latency.p50')).toMatchObject({ id: 'run-9', worse: true });
    expect(textOf(history.decision)).toContain('from run-9 (commit c9) on');
    expect(history.changes.some(({ metric }) => metric === 'throughput')).toBe(false);
  });

  test('leaves out what cannot be compared, and says so', async () => {
    const other = await madeRun(3, 9000, { cpuModel: 'another' });
    const found = makeHistory([...runs.filter(({ run }) => run.id !== 'run-3'), other]);
    expect(found.runs[2]?.leftOut).toMatchObject([{ code: 'generator-cpu-differs', baseline: 'another' }]);
    expect(renderHistory(found)).toContain('not judged: The CPU of the load generator differs');
    expect(renderHistory(makeHistory(runs.slice(0, 3)))).not.toContain('Remarks');
    expect(summarizeHistory(found, { color: false })).toContain('not judged: The CPU of the load generator differs');
    expect(textOf(found.decision.question)).toBe(
      `What changed over ${found.runs.length - 1} of ${found.runs.length} runs?`,
    );
  });

  test('of a few runs is told, and not judged', () => {
    expect(makeHistory(runs.slice(0, 3)).decision).toMatchObject({
      answer: { code: 'too-few-runs' },
      verdict: 'no-verdict',
    });
  });

  test('has no figure that is none in any form, and text from outside stays text', async () => {
    const evil = makeHistory([...runs, await madeRun(20, 1500, { name: hostileText })]);
    const pages = [renderHistory(evil), renderHistoryMarkdown(evil)];
    const terminal = summarizeHistory(evil, { color: false });
    for (const text of [...pages, terminal]) {
      expect(text).not.toMatch(/NaN|Infinity|undefined/);
      expect(text).toContain(textOf(evil.decision.answer));
    }
    for (const text of pages) expect(text).not.toContain('<script');
    expect(terminal).not.toContain(String.fromCodePoint(0x1b));
  });
});
