// The runs of one command -> their reports: sized once, and each run read, judged and rendered once.
import { dirname } from 'node:path';
import { defaultTypes, findInstanceTypes } from '../../../model/catalogue/instance-catalogue.ts';
import { present } from '../../../model/present.ts';
import type { RunComparison } from '../../../reports/comparison/compare-runs.ts';
import type { Judged } from '../../../reports/schema/judged.ts';
import type { SizingRecord } from '../../../reports/schema/sizing-record.ts';
import type { GradedSizing } from '../../../reports/sizing/size-runs.ts';
import type { ComparableRun } from '../../../reports/write.ts';
import { chooseBuilds } from '../../size/traffic-flags.ts';
import type { StressPlan } from '../plan/stress-plan.ts';
import type { Block, PairedRuns } from '../run/pair.ts';
import type { FinishedRun } from '../run/stress.ts';

export type StressResult = FinishedRun & { readonly judged: Judged; readonly reportDir: string };

/** What a command of `stress` ends with. */
export type Outcome = {
  readonly results: readonly StressResult[];
  readonly sizing: GradedSizing | undefined;
  /** The last instance type against the first. */
  readonly decided: { readonly comparison: RunComparison; readonly reportDir: string } | undefined;
  readonly blocks: readonly Block[];
};

/** Writes the report of each run, and the comparisons between them. */
export async function reportRuns(plan: StressPlan, { runs, blocks }: PairedRuns): Promise<Outcome> {
  const { writeComparison, openForComparison } = await import('../../../reports/write.ts');
  const sizing = await sizeOnce(plan, runs);
  const opened = new Map<string, ComparableRun>();
  for (const { dir } of runs) opened.set(dir, await openForComparison(dir));
  const results = await writeReports(runs, opened);
  const compare = (baseline: FinishedRun, candidate: FinishedRun, margins: StressPlan['margins'] = []) =>
    writeComparison(opened.get(baseline.dir) ?? baseline.dir, opened.get(candidate.dir) ?? candidate.dir, {
      // A run that was cut off is compared too: the page says what it lacks.
      unlike: true,
      margins,
      known: plan.pair ? undefined : sizing,
    });
  const [first, last] = [runs[0], runs.at(-1)];
  const compared: Block[] = [];
  for (const [baseline, candidate] of blocks)
    compared.push({ baseline, candidate, ...(await compare(baseline, candidate)) });
  const decided = !plan.pair && first && last && first !== last ? await compare(first, last, plan.margins) : undefined;
  return { results, sizing, decided, blocks: compared };
}

/** The reports of runs whose command failed: without sizing and comparison. */
export async function reportFinished(runs: readonly FinishedRun[]): Promise<void> {
  const { writeReport } = await import('../../../reports/write.ts');
  for (const { dir } of runs) await writeReport(dir);
}

async function writeReports(
  runs: readonly FinishedRun[],
  opened: ReadonlyMap<string, ComparableRun>,
): Promise<readonly StressResult[]> {
  const { writeReport } = await import('../../../reports/write.ts');
  const results: StressResult[] = [];
  for (const run of runs) results.push({ ...run, ...(await writeReport(opened.get(run.dir) ?? run.dir)) });
  return results;
}

/**
 * Predicts each type from the first run, takes what the others measured, and keeps the sizing beside every run. Undefined without types,
 * traffic and builds.
 */
async function sizeOnce(plan: StressPlan, runs: readonly FinishedRun[]): Promise<GradedSizing | undefined> {
  const { types, traffic, builds: flags } = plan;
  const [first] = runs;
  if (!first || (types.length === 0 && !traffic && flags.builds === undefined)) return undefined;
  const { sizeRuns } = await import('../../../reports/sizing/size-runs.ts');
  const { recordSizing } = await import('../../../reports/sizing/record-sizing.ts');
  const { readLedger } = await import('../../report/predictions.ts');
  const { findBuild } = await import('../../../reports/sizing/demand/build-demand.ts');
  const { writeSizing } = await import('../../../reports/write.ts');
  const builds = chooseBuilds(flags, findBuild(first.run, first.observed));
  const asked = types.length > 0 ? types : findInstanceTypes('', defaultTypes.join());
  const sizing = sizeRuns(runs, asked, { traffic, builds });
  if (!sizing) return undefined;
  const { findBuilds } = await import('../../../reports/measured/builds.ts');
  const record = {
    ...recordSizing(
      sizing,
      runs.map(({ run }) => run.id),
    ),
    ...present({ builds: findBuilds(runs) }),
  };
  if (!record.serviceDemand) return sizing;
  const write = (each: SizingRecord) => {
    for (const { dir } of runs) writeSizing(dir, each, { traffic, builds });
  };
  write(record);
  const { graded, held } = readLedger(dirname(first.dir));
  if (graded > 0) write({ ...record, ledger: { graded, held } });
  return sizing;
}
