// A run folder -> report/: the only file of reports/ that touches the disk.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recoverRun } from '../model/recover.ts';
import { hasSeconds, readAlarms, readLines, readObserved, readRun, replaceFile } from '../model/run-folder.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { Line } from '../model/second.ts';
import { UserError } from '../model/user-error.ts';
import { findUnlike } from './comparison/comparability.ts';
import { type ComparedRun, compareTwo, type RunComparison } from './comparison/compare-runs.ts';
import { type History, makeHistory } from './comparison/history.ts';
import type { Margin } from './comparison/margin.ts';
import { renderComparison } from './render/comparison-html.ts';
import { comparisonDocument, renderComparisonMarkdown } from './render/comparison-markdown.ts';
import { renderCsv } from './render/csv.ts';
import { renderGallery } from './render/gallery.ts';
import { renderHistory, renderHistoryMarkdown } from './render/history-html.ts';
import { readStyleSheet, renderHtml } from './render/html.ts';
import { renderComparisonJunit, renderJunit } from './render/junit.ts';
import { renderMarkdown } from './render/markdown.ts';
import { renderOpenMetrics } from './render/open-metrics.ts';
import { renderTaurus } from './render/taurus.ts';
import type { Judged } from './schema/judged.ts';
import type { Report } from './schema/report.ts';
import { type SizingRecord, sizingFileSchema } from './schema/sizing-record.ts';
import { coarsen } from './series/coarse.ts';
import { makeCurves } from './series/curve.ts';
import { gatherSamples, sampleSeconds } from './series/second-sample.ts';
import { gatherSeconds, type Seconds } from './series/seconds.ts';
import { makeTimeline } from './series/timeline.ts';
import type { Comparison, Demand } from './sizing/grade-predictions.ts';
import { judge } from './verdict/judge.ts';

/** What a run folder comes to. Throws a UserError for a folder or file that does not fit, naming file and field. */
export async function readReport(dir: string): Promise<Report> {
  return (await readFolder(dir)).report;
}

type ReadFolder = { readonly report: Report; readonly seconds: Seconds; readonly run: RunRecord };

/** `samples` are what a comparison draws from, gathered in the same reading. */
async function readFolder(dir: string, samples?: (run: RunRecord) => { add(line: Line): void }): Promise<ReadFolder> {
  const run = await recoverRun(readRun(dir), lines(dir));
  const observed = readObserved(dir);
  const alarms = readAlarms(dir);
  const gathered = samples?.(run);
  const collected = gatherSeconds(run.startedAt, run.generator.processes);
  for await (const line of lines(dir)) {
    collected.add(line);
    gathered?.add(line);
  }
  const seconds = collected.result(observed?.sources);
  const report: Report = {
    schemaVersion: 1,
    judged: judge(run, observed, seconds, alarms, readSizing(dir)?.record),
    timeline: makeTimeline(run, seconds),
    curves: makeCurves(run),
    run,
    ...(observed && { observed }),
    ...(alarms && { alarms }),
  };
  return { report, seconds, run };
}

/** Two run folders compared, for the traffic that was told when they were made. Throws a UserError when the baseline is unlike, unless told to take it. */
export async function readComparison(
  baselineDir: string,
  candidateDir: string,
  options: {
    readonly margins?: readonly Margin[];
    readonly takeUnlike?: boolean;
    readonly known?: Comparison | undefined;
  } = {},
) {
  const baseline = await readCompared(baselineDir);
  const candidate = await readCompared(candidateDir);
  const unlike = findUnlike(baseline.run, candidate.run);
  if (unlike.length > 0 && !options.takeUnlike) {
    throw new UserError(
      `${baselineDir} is no baseline for ${candidateDir}: ${unlike.join('; ')}; --unlike compares them all the same`,
    );
  }
  const told = [candidateDir, baselineDir]
    .map((dir) => readSizing(dir)?.told)
    .find((each) => each?.traffic !== undefined || each?.builds !== undefined);
  const comparison = compareTwo(baseline, candidate, options.margins, options.known, told);
  return { comparison, baseline: baseline.report, candidate: candidate.report };
}

async function readCompared(dir: string): Promise<ComparedRun & { readonly report: Report }> {
  let gathered: ReturnType<typeof gatherSamples> | undefined;
  const { run, report } = await readFolder(dir, (known) => {
    gathered = gatherSamples(known);
    return gathered;
  });
  return { run, report, observed: report.observed, judged: report.judged, samples: gathered?.result() ?? [] };
}

/** Writes the history of the runs into `out`: index.html with report.css, report.md and report.json. */
export async function writeHistory(dirs: readonly string[], out: string): Promise<History> {
  const runs: ComparedRun[] = [];
  for (const dir of dirs) {
    const run = await recoverRun(readRun(dir), lines(dir));
    const observed = readObserved(dir);
    const samples = coarsen(await sampleSeconds(run, lines(dir)));
    runs.push({ run, observed, judged: judge(run, observed), samples });
  }
  const history = makeHistory(runs);
  writeFiles(out, {
    'index.html': renderHistory(history),
    'report.css': readStyleSheet(),
    'report.md': renderHistoryMarkdown(history),
    'report.json': `${JSON.stringify(history, null, 1)}\n`,
  });
  return history;
}

/**
 * Writes the comparison into `out` (`comparison/` in the candidate's folder): index.html with report.css and both runs' own pages beside
 * it, report.md, junit.xml and report.json.
 */
export async function writeComparison(
  baselineDir: string,
  candidateDir: string,
  options: NonNullable<Parameters<typeof readComparison>[2]> & { readonly out?: string | undefined } = {},
): Promise<{ readonly comparison: RunComparison; readonly reportDir: string }> {
  const { comparison, baseline, candidate } = await readComparison(baselineDir, candidateDir, options);
  const out = options.out ?? join(candidateDir, 'comparison');
  writeFiles(out, {
    'index.html': renderComparison(comparison),
    'baseline.html': renderHtml(baseline),
    'candidate.html': renderHtml(candidate),
    'report.css': readStyleSheet(),
    'report.md': renderComparisonMarkdown(comparison),
    'junit.xml': renderComparisonJunit(comparison),
    'report.json': `${JSON.stringify(comparisonDocument(comparison), null, 1)}\n`,
  });
  return { comparison, reportDir: out };
}

/**
 * Writes index.html, report.css, report.md, junit.xml, report.json, taurus.xml, seconds.csv and metrics.txt into `out` (`report/` in the run folder). All are made before
 * the first is written, so a report is never half new; a folder that cannot be written is a UserError.
 */
export async function writeReport(
  dir: string,
  out: string = join(dir, 'report'),
): Promise<{ readonly judged: Judged; readonly reportDir: string }> {
  const { report, seconds } = await readFolder(dir);
  const { judged } = report;
  const files = {
    'index.html': renderHtml(report),
    'report.css': readStyleSheet(),
    'report.md': renderMarkdown(judged),
    'junit.xml': renderJunit(judged),
    'report.json': `${JSON.stringify(report, null, 1)}\n`,
    'seconds.csv': renderCsv(report.run, seconds),
    'taurus.xml': renderTaurus(report.run),
    'metrics.txt': renderOpenMetrics(judged),
  };
  writeFiles(out, files);
  return { judged, reportDir: out };
}

/** Writes the page that shows every chart in every state into `out`. */
export function writeGallery(out: string): void {
  writeFiles(out, { 'index.html': renderGallery(), 'report.css': readStyleSheet() });
}

function writeFiles(out: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(out, { recursive: true });
    for (const [name, content] of Object.entries(files)) replaceFile(join(out, name), content);
  } catch (cause) {
    throw new UserError(
      `the report cannot be written to ${out} (${(cause as NodeJS.ErrnoException).code}): give a writable folder with --out`,
      { cause },
    );
  }
}

/** Keeps beside a run what it came to together with others, for the demand that was told; its report shows that from now on. */
export function writeSizing(dir: string, sizing: SizingRecord, told: Demand = {}): void {
  replaceFile(join(dir, sizingFile), `${JSON.stringify({ ...sizing, told })}\n`);
}

const sizingFile = 'sizing.json';
const withoutIt = 'without the file the run is judged alone';

/** What several runs, this one among them, came to; undefined when this one was made alone. */
export function readSizing(dir: string): { readonly record: SizingRecord; readonly told?: Demand } | undefined {
  const file = join(dir, sizingFile);
  if (!existsSync(file)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UserError(`${file} cannot be read: ${(cause as Error).message}; ${withoutIt}`, { cause });
  }
  const parsed = sizingFileSchema.safeParse(value);
  if (parsed.success) {
    const { told, ...record } = parsed.data;
    return { record, ...(told && { told }) };
  }
  const issue = parsed.error.issues[0];
  throw new UserError(`${file}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}; ${withoutIt}`, {
    cause: parsed.error,
  });
}

/** A harness that was killed before its first line leaves a run without seconds: that is a run without figures, not an error. */
function lines(dir: string): AsyncIterable<Line> {
  return hasSeconds(dir) ? readLines(dir) : none();
}

async function* none(): AsyncGenerator<Line> {}
