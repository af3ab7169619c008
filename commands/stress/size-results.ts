// Runs on several instance types come to one sizing, which the report of each shows.
import { findInstanceTypes, type InstanceType } from '../../model/instance-catalogue.ts';
import { readObserved } from '../../model/run-folder.ts';
import type { GradedSizing } from '../../reports/sizing/grade-predictions.ts';
import type { Traffic } from '../../reports/traffic/traffic.ts';
import { chooseBuilds, type TrafficFlags } from '../size/traffic-flags.ts';
import { usualTypes } from './emulation.ts';
import type { StressResult } from './stress.ts';

/**
 * Predicts each type from the first run, takes what the others measured, and writes their reports again with it. Undefined when nobody
 * asked: neither by types nor by traffic.
 */
export async function sizeResults(
  results: readonly StressResult[],
  types: readonly InstanceType[],
  argv: TrafficFlags,
  traffic: Traffic | undefined,
): Promise<{ readonly compared: GradedSizing; readonly results: readonly StressResult[] } | undefined> {
  if (types.length === 0 && !traffic && argv.builds === undefined) return undefined;
  const { sizeRuns } = await import('../../reports/sizing/grade-predictions.ts');
  const { recordSizing } = await import('../../reports/sizing/record-sizing.ts');
  const { findBuild } = await import('../../reports/sizing/build-demand.ts');
  const { writeReport, writeSizing } = await import('../../reports/write.ts');
  const seen = results.map(({ run, dir }) => ({ run, observed: readObserved(dir) }));
  const [first] = seen;
  if (!first) return undefined;
  const builds = chooseBuilds(argv, findBuild(first.run, first.observed));
  const asked = types.length > 0 ? types : findInstanceTypes('--instances', usualTypes);
  const compared = sizeRuns(seen, asked, { traffic, builds });
  if (!compared) return undefined;
  const record = recordSizing(
    compared,
    seen.map(({ run }) => run.id),
  );
  const rewritten: StressResult[] = [];
  for (const result of results) {
    if (record.serviceDemand) writeSizing(result.dir, record, { traffic, builds });
    rewritten.push({ ...result, ...(await writeReport(result.dir)) });
  }
  return { compared, results: rewritten };
}
