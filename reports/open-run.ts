// A run folder -> everything that its pages need: read once, judged once, and its page rendered at most once.
import type { Alarms } from '../model/alarms.ts';
import type { Observed } from '../model/observed.ts';
import { recoverRun } from '../model/recover.ts';
import { hasSeconds, readAlarms, readLines, readObserved, readRun } from '../model/run-folder.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { Line } from '../model/second.ts';
import type { ComparedRun } from './comparison/compare-runs.ts';
import type { ReportSource } from './render/formats.ts';
import { renderHtml } from './render/html.ts';
import type { Report } from './schema/report.ts';
import type { SizingRecord } from './schema/sizing-record.ts';
import { makeCurves } from './series/curve.ts';
import { gatherSamples, type StageSample } from './series/second-sample.ts';
import { gatherSeconds, type Seconds } from './series/seconds.ts';
import { makeTimeline } from './series/timeline.ts';
import { readSizing } from './sizing-file.ts';
import type { Workload } from './traffic/day-load.ts';
import { judge } from './verdict/judge.ts';

/** What a run folder holds. */
type RunFiles = {
  readonly dir: string;
  readonly run: RunRecord;
  readonly observed: Observed | undefined;
  readonly alarms: Alarms | undefined;
  readonly seconds: Seconds;
  /** The demand that a sizing of several runs was made for. */
  readonly workload: Workload | undefined;
};

/** A run folder with its judgement. `page` renders index.html the first time that it is asked for. */
export type OpenedRun = RunFiles & ReportSource;

/** A run that was also opened for comparison: with the samples that intervals are drawn from. */
export type ComparableRun = OpenedRun & ComparedRun;

/** Reads and judges a run folder. Throws a UserError for a folder or file that does not fit, naming file and field. */
export async function openRun(dir: string): Promise<OpenedRun> {
  return open(dir, () => undefined);
}

/** The same, with the samples that a comparison or a history needs, from the same reading. */
export async function openForComparison(dir: string): Promise<ComparableRun> {
  let gathered: ReturnType<typeof gatherSamples> | undefined;
  const opened = await open(dir, (run) => {
    gathered = gatherSamples(run);
    return gathered;
  });
  const samples: readonly StageSample[] = gathered?.result() ?? [];
  return { ...opened, judged: opened.report.judged, samples };
}

async function open(dir: string, alsoGather: (run: RunRecord) => { add(line: Line): void } | undefined) {
  const run = await recoverRun(readRun(dir), lines(dir));
  const observed = readObserved(dir);
  const alarms = readAlarms(dir);
  const kept = readSizing(dir);
  const collected = gatherSeconds(run.startedAt, run.generator.processes);
  const also = alsoGather(run);
  for await (const line of lines(dir)) {
    collected.add(line);
    also?.add(line);
  }
  const files = { dir, run, observed, alarms, seconds: collected.result(observed?.sources), workload: kept?.workload };
  return { ...files, ...judgeFiles(files, kept?.record) };
}

function judgeFiles({ run, observed, alarms, seconds }: RunFiles, sizing: SizingRecord | undefined): ReportSource {
  const report: Report = {
    schemaVersion: 2,
    judged: judge(run, observed, seconds, alarms, sizing),
    timeline: makeTimeline(run, seconds),
    curves: makeCurves(run),
    run,
    ...(observed && { observed }),
    ...(alarms && { alarms }),
  };
  let page: string | undefined;
  return {
    report,
    seconds,
    page: () => {
      page ??= renderHtml(report);
      return page;
    },
  };
}

/** A harness that was killed before its first line leaves a run without seconds: a run without figures, not an error. */
function lines(dir: string): AsyncIterable<Line> {
  return hasSeconds(dir) ? readLines(dir) : none();
}

async function* none(): AsyncGenerator<Line> {}
