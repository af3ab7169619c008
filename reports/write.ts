// Opened runs -> the folders that people open: a report, a comparison, a history.
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../model/user-error.ts';
import { makeFolder, replaceFile } from '../model/write-run.ts';
import { findIncomparable } from './comparison/comparability.ts';
import { type ComparedRun, compareTwo, type RunComparison } from './comparison/compare-runs.ts';
import { type History, makeHistory } from './comparison/history.ts';
import type { Margin } from './comparison/margin.ts';
import { sentences } from './messages/text-of.ts';
import { type ComparableRun, type OpenedRun, openForComparison, openRun } from './open-run.ts';
import type { RecordPage } from './recorded/record-page.ts';
import { comparisonFormats, type Format, historyFormats, recordFormats, reportFormats } from './render/formats.ts';
import type { Judged } from './schema/judged.ts';
import type { Report } from './schema/report.ts';
import { coarsen } from './series/coarse.ts';
import type { GradedSizing } from './sizing/size-runs.ts';

export { type ComparableRun, type OpenedRun, openForComparison, openRun } from './open-run.ts';
export { readSizing, writeSizing } from './sizing-file.ts';

/** The report of a run folder. */
export async function readReport(dir: string): Promise<Report> {
  return (await openRun(dir)).report;
}

/**
 * Writes the report of a run into `out` (`report/` in the run folder), a file per entry of `reportFormats`. All are made before the first is
 * written, so a report is never half new; a folder that cannot be written is a UserError. A folder name is opened first.
 */
export async function writeReport(
  given: OpenedRun | string,
  out?: string,
): Promise<{ readonly judged: Judged; readonly reportDir: string }> {
  const run = typeof given === 'string' ? await openRun(given) : given;
  const reportDir = out ?? inside(run.dir, 'report');
  writeFormats(reportDir, reportFormats, run);
  return { judged: run.report.judged, reportDir };
}

type ComparisonOptions = {
  readonly margins?: readonly Margin[];
  /** Compares runs that are not comparable, too. */
  readonly unlike?: boolean;
  /** The sizing of both runs; without it they are sized for the demand that was recorded with them. */
  readonly known?: GradedSizing | undefined;
};

/** Folder names are opened first. Throws a UserError when the runs are not comparable, unless `unlike`. */
async function compareOpened(
  first: ComparableRun | string,
  second: ComparableRun | string,
  { margins, unlike = false, known }: ComparisonOptions = {},
) {
  const baseline = typeof first === 'string' ? await openForComparison(first) : first;
  const candidate = typeof second === 'string' ? await openForComparison(second) : second;
  const reasons = findIncomparable(baseline.run, candidate.run);
  if (reasons.length > 0 && !unlike) {
    throw new UserError(
      `${baseline.dir} and ${candidate.dir} cannot be compared. ${sentences(reasons)}. --unlike compares them all the same`,
    );
  }
  const workload = [candidate.workload, baseline.workload].find(
    (each) => each?.traffic !== undefined || each?.builds !== undefined,
  );
  return { comparison: compareTwo(baseline, candidate, margins, known, workload), baseline, candidate };
}

/** Writes the comparison into `out` (`comparison/` in the candidate's folder), a file per entry of `comparisonFormats`. */
export async function writeComparison(
  baseline: ComparableRun | string,
  candidate: ComparableRun | string,
  options: ComparisonOptions & { readonly out?: string | undefined } = {},
): Promise<{ readonly comparison: RunComparison; readonly reportDir: string }> {
  const found = await compareOpened(baseline, candidate, options);
  const reportDir = options.out ?? inside(found.candidate.dir, 'comparison');
  writeFormats(reportDir, comparisonFormats, found);
  return { comparison: found.comparison, reportDir };
}

/** Writes the history of the runs into `out`, a file per entry of `historyFormats`. */
export async function writeHistory(dirs: readonly string[], out: string): Promise<History> {
  const runs: ComparedRun[] = [];
  for (const dir of dirs) {
    const { run, observed, judged, samples } = await openForComparison(dir);
    runs.push({ run, observed, judged, samples: coarsen(samples) });
  }
  const history = makeHistory(runs);
  writeFormats(out, historyFormats, history);
  return history;
}

/** Writes the page of a record into `out`, a file per entry of `recordFormats`. */
export function writeRecordPage(page: RecordPage, out: string): void {
  writeFormats(out, recordFormats, page);
}

/** A folder of the run. Throws a UserError where it leads elsewhere: a run folder may come from anybody. */
function inside(dir: string, name: string): string {
  const path = join(dir, name);
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new UserError(`${path} is a symbolic link. Remove it, or give a folder with --out`);
  return path;
}

function writeFormats<Source>(out: string, formats: readonly Format<Source>[], source: Source): void {
  writeFiles(
    out,
    formats.map(({ file, render }) => [file, render(source)]),
  );
}

function writeFiles(out: string, files: readonly (readonly [string, string])[]): void {
  try {
    makeFolder(out);
    for (const [name, content] of files) replaceFile(join(out, name), content);
  } catch (cause) {
    if (cause instanceof UserError)
      throw new UserError(`${cause.message}: what was measured is kept, and \`report\` writes the rest`, { cause });
    throw new UserError(
      `the report cannot be written to ${out} (${(cause as NodeJS.ErrnoException).code}): give a writable folder with --out`,
      { cause },
    );
  }
}
