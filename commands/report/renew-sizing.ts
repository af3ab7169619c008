// A sizing.json that an earlier version of headroom wrote -> one of this version: the pages of runs and their comparison state the same figures.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import { present } from '../../model/present.ts';
import { readObserved, readRun } from '../../model/run-folder.ts';
import { findBuilds } from '../../reports/measured/builds.ts';
import { withText } from '../../reports/messages/text-of.ts';
import type { SizingRecord } from '../../reports/schema/sizing-record.ts';
import { recordSizing } from '../../reports/sizing/record-sizing.ts';
import { sizeRuns } from '../../reports/sizing/size-runs.ts';
import { readSizing, writeReport, writeSizing } from '../../reports/write.ts';

/**
 * Sizes the runs of a folder's sizing.json again, for the same workload; where a figure differs, the file and the report of each of them are
 * replaced. Its predictions stay as they were made and graded. Without all of the runs beside each other, or with a type that is not in the
 * catalogue, it stays as it is.
 */
export async function renewSizing(dir: string): Promise<void> {
  const kept = readSizing(dir);
  if (!kept) return;
  const { runs = [kept.record.from], types, predictions, ledger } = kept.record;
  const dirs = runs.map((id) => join(dirname(dir), id));
  const known = types.flatMap((each) => instanceCatalogue.find((one) => one.instanceType === each.instanceType) ?? []);
  const isKnown = known.length > 0 && known.length === types.length;
  if (!isKnown || !dirs.every((each) => existsSync(join(each, 'run.json')))) return;
  const seen = dirs.map((each) => ({ run: readRun(each), observed: readObserved(each) }));
  const graded = sizeRuns(seen, known, kept.workload);
  if (!graded?.sizing.serviceDemand) return;
  const record: SizingRecord = {
    ...recordSizing(graded, runs),
    predictions,
    ...present({ builds: findBuilds(seen), ledger }),
  };
  if (isDeepStrictEqual(JSON.parse(JSON.stringify(record, withText)), JSON.parse(JSON.stringify(kept.record)))) return;
  for (const each of dirs) writeSizing(each, record, kept.workload);
  for (const each of dirs) await writeReport(each);
}
