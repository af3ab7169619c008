// A run folder -> report/: the only file of reports/ that touches the disk.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { recoverRun } from '../model/recover.ts';
import { readLines, readObserved, readRun, replaceFile } from '../model/run-folder.ts';
import type { Line } from '../model/second.ts';
import { UserError } from '../model/user-error.ts';
import { renderCsv } from './csv.ts';
import { makeCurves } from './curve.ts';
import { renderGallery } from './gallery.ts';
import { readStyleSheet, renderHtml } from './html.ts';
import { judge } from './judge.ts';
import type { Judged } from './judged.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderOpenMetrics } from './open-metrics.ts';
import type { Report } from './report.ts';
import { collectSeconds, type Seconds } from './seconds.ts';
import { makeTimeline } from './timeline.ts';

/** What a run folder comes to. Throws a UserError for a folder or file that does not fit, naming file and field. */
export async function readReport(dir: string): Promise<Report> {
  return (await readFolder(dir)).report;
}

async function readFolder(dir: string): Promise<{ readonly report: Report; readonly seconds: Seconds }> {
  const run = await recoverRun(readRun(dir), lines(dir));
  const observed = readObserved(dir);
  const seconds = await collectSeconds(run, lines(dir));
  const report: Report = {
    schemaVersion: 1,
    judged: judge(run, observed, seconds),
    timeline: makeTimeline(run, seconds),
    curves: makeCurves(run),
    run,
    ...(observed && { observed }),
  };
  return { report, seconds };
}

/**
 * Writes index.html, report.css, report.md, junit.xml, report.json, seconds.csv and metrics.txt into `out` (`report/` in the run folder). All are made before
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

/** A harness that was killed before its first line leaves a run without seconds: that is a run without figures, not an error. */
function lines(dir: string): AsyncIterable<Line> {
  return existsSync(join(dir, 'seconds.jsonl')) ? readLines(dir) : none();
}

async function* none(): AsyncGenerator<Line> {}
