import { describe, expect, test } from '@jest/globals';
import type { RunRecord } from '../../../model/run-record.ts';
import type { CommandRecord } from '../../../model/stage/command-record.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { describeRecovery, describeTrend } from '../../messages/changes.ts';
import { textOf } from '../../messages/text-of.ts';
import { renderHtml } from '../../render/html.ts';
import type { Answer } from '../../schema/judged.ts';
import { answerAnotherBuild } from '../../verdict/answer-another-build.ts';
import { judge } from '../../verdict/judge.ts';
import { readReport } from '../../write.ts';
import { fixture } from '../fixture.ts';

function changeCommand(
  run: RunRecord,
  changes: Partial<CommandRecord>,
  requests: Partial<StageRecord['requests']> = {},
): RunRecord {
  const stages = run.stages.map(({ command, ...stage }) =>
    command ? { ...stage, requests: { ...stage.requests, ...requests }, command: { ...command, ...changes } } : stage,
  );
  return { ...run, stages };
}

describe('a build in mid-run', () => {
  test('answers the third question with figures', async () => {
    const { judged } = await readReport(fixture('rebuild'));
    expect(judged.questions[2]?.answers.map(textOf)).toEqual([
      '"npm run build" ran during the load and ended with exit code 0 after 34 s (it ran once, so this time has no interval). CPU use rose from 24 % to 97.2 %; in the busiest second 99.9 % was in use. Latency p50 rose from 1.20 ms to 4.08 ms, p99 rose from 5.68 ms to 99.0 ms, throughput stayed at 298/s. Afterwards the CPU was at 25 % and p99 at 12.2 ms. Latency returned to its level in "before" 4 s into "after". It used 48 s of CPU time (1.44 vCPUs on average) and up to 708 MiB of memory. That is 0.807 CPU credits: a t2.medium earns them in 2 min 1 s if its vCPU is as fast.',
    ]);
    expect(textOf(judged.headline)).toContain(
      'While a command ran, CPU use rose from 24 % to 97.2 % and p99 rose from 5.68 ms to 99.0 ms',
    );
  });

  test('says of samples of 15 s what their busiest was, not of a second', async () => {
    const { run, observed } = await readReport(fixture('rebuild'));
    if (!observed) throw new Error('the fixture has no observation');
    const slow = { ...observed, sources: observed.sources.map((source) => ({ ...source, intervalS: 15 })) };
    const { questions } = judge(run, slow);
    expect(questions[2]?.answers.map(textOf)[0]).toContain('; in the busiest 15 s 99.9 % was in use.');
    expect(questions[1]?.answers.map(textOf)[0]).toContain('% in the busiest 15 s and ');
    const report = await readReport(fixture('rebuild'));
    expect(renderHtml(report)).toContain('CPU, busiest second');
    expect(renderHtml({ ...report, judged: judge(run, slow) })).toContain('CPU, busiest 15 s');
  });

  test.each([
    [
      { exitCode: 127, line: 'npm run biuld', durationS: 0.3 },
      '"npm run biuld" failed after 0.3 s (exit code 127: not found). Its output is in during.log of the run. Fix it and run again',
    ],
    [
      { exitCode: 3 },
      '"npm run build" failed after 34 s (exit code 3). Its output is in during.log of the run. Fix it and run again',
    ],
  ])('that failed is no answer, and the run has no verdict', async (changes, expected) => {
    const { run, observed } = await readReport(fixture('rebuild'));
    const judged = judge(changeCommand(run, changes), observed);
    expect([judged.verdict, judged.exitCode, judged.validity.verdict]).toEqual(['no-verdict', 4, 'inconclusive']);
    expect(textOf(judged.headline)).toContain(expected);
    expect(textOf(judged.headline)).not.toContain('While a command ran');
    expect(judged.questions[2]?.answers.map(textOf)).toEqual([`Not measured in this run. ${expected}.`]);
  });

  test('beside few requests answers nothing', async () => {
    const { run, observed } = await readReport(fixture('rebuild'));
    const few = changeCommand(run, { durationS: 0.3 }, { completed: 90 });
    expect(judge(few, observed).questions[2]?.answers.map(textOf)).toEqual([
      'Not measured in this run. "npm run build" ended after 0.3 s, and 90 requests ran beside it: at least 100 are needed. Run a longer command, or raise --rate.',
    ]);
  });

  test('that has too little memory is answered, however soon it ends', async () => {
    const { run, observed } = await readReport(fixture('rebuild'));
    const soon = { durationS: 0.8, exitCode: undefined, signal: 'SIGKILL', outOfMemory: 1 };
    const killed = changeCommand(run, soon as never, { completed: 84 });
    const [answer] = judge(killed, observed).questions[2]?.answers.map(textOf) ?? [];
    expect(answer).toMatch(
      /It needs more memory than a t2\.medium has beside the app \(it had 708 MiB\): the kernel killed a process\.$/,
    );
    expect(answer).not.toMatch(/Not measured|CPU use/);
  });

  test('that had to be stopped, or was killed for want of memory, says so', async () => {
    const { run, observed } = await readReport(fixture('rebuild'));
    const [first, second] = [
      { signal: 'SIGTERM', stopped: true as const },
      { exitCode: 1, outOfMemory: 2 },
    ].map((changes) => {
      const { verdict, questions } = judge(changeCommand(run, changes), observed);
      return [verdict, ...(questions[2]?.answers.map(textOf) ?? [])].join(': ');
    });
    expect(first).toMatch(
      /^pass: "npm run build" ran during the load and was stopped after 34 s, before its end\. CPU use/,
    );
    expect(second).toMatch(
      /^pass: .*\. It needs more memory than a t2.medium has beside the app \(it had 708 MiB\): the kernel killed 2 processes\. CPU use rose/,
    );
  });

  test('without host metrics has the figures of the load alone', async () => {
    const { run } = await readReport(fixture('rebuild'));
    const command = { line: 'make', startedAt: '2026-01-01T00:00:00.000Z', durationS: 3, signal: 'SIGTERM' };
    const during = { stage: 'during', throughputPerS: 100 };
    const { run: _, ...judged } = judge(run, undefined);
    const [answer] = answerAnotherBuild({ ...judged, run, observed: undefined, commands: [{ command, during }] });
    expect(textOf(answer as Answer)).toBe(
      '"make" ran during the load and was terminated by SIGTERM after 3 s. Its effect on the CPU is not known: host metrics were not collected. Throughput was 100/s.',
    );
  });
});

test('recovery in words', () => {
  const names = { stage: 'after', reference: 'before' };
  expect(describeRecovery({ ...names, recovered: true, afterS: 4 })).toBe(
    'Latency returned to its level in "before" 4 s into "after"',
  );
  expect(describeRecovery({ ...names, recovered: false })).toBe(
    'Latency did not return to its level in "before" by the end of "after"',
  );
});

test('trends in words', () => {
  const memory = { stage: 'soak', metric: 'app.mem.rss', unit: 'bytes' as const };
  expect(describeTrend({ ...memory, perHour: { value: 36e6, low: 30e6, high: 42e6 }, changes: 'grows' })).toBe(
    'App memory grows by 34.3 MiB per hour (95 %: 28.6 MiB to 40.1 MiB)',
  );
  expect(describeTrend({ ...memory, perHour: { value: -36e6, low: -42e6, high: -30e6 }, changes: 'falls' })).toBe(
    'App memory falls by 34.3 MiB per hour (95 %: 28.6 MiB to 40.1 MiB)',
  );
  expect(describeTrend({ ...memory, perHour: { value: 0, low: -1e6, high: 2e6 }, changes: 'none' })).toBe(
    'App memory has no trend (95 %: −977 KiB to +1.91 MiB per hour)',
  );
});

test('requests that were dropped are in the answer to the first question', async () => {
  const { judged } = await readReport(fixture('rebuild'));
  expect(judged.questions[0]?.answers.map(textOf)[0]).toContain(
    '68 of 22,200 intended requests were dropped, not sent (0.31 %).',
  );
});

test('open stages show what was intended beside what came of it, and why latency has two figures', async () => {
  const html = renderHtml(await readReport(fixture('rebuild')));
  expect(html).toContain('68 (0.67 %)');
  expect(html).toContain('raw latency counts from when it was sent');
  expect(html).toContain('during, raw');
  expect(html).toContain('Latency returned to its level in &quot;before&quot; 4 s into &quot;after&quot;');
});
