// What `stress --json` prints.

import type { Latency } from '../../../model/latency/latency-schema.ts';
import { present } from '../../../model/present.ts';
import { describeBlocks } from '../run/pair.ts';
import type { Outcome, StressResult } from './report-runs.ts';
import type { StressDocument, StressedRun } from './stress-answer.ts';

/** The contract's document; latency without its histograms, which stand in run.json. */
export function stressDocument({ results, sizing, decided, blocks }: Outcome, exitCode: number): StressDocument {
  const last = results.at(-1);
  return {
    runs: results.map(describeRun),
    ...(sizing && { sizing: sizing.sizing, predictions: sizing.predictions }),
    ...(decided && { decision: decided.comparison.decision, comparison: decided.reportDir }),
    ...(blocks.length > 0 && { blocks: describeBlocks(blocks) }),
    ...(last && {
      verdict: last.judged.verdict,
      headline: last.judged.headline,
      report: decided?.reportDir ?? last.reportDir,
    }),
    exitCode,
  };
}

function describeRun({ run, dir, judged, reportDir }: StressResult): StressedRun {
  const { validity, saturation, capacity, capacityAtSlo, thresholds, alarms, agreements } = judged;
  const { id, status, statusReason, recovery, target, stages } = run;
  return {
    ...present({ id, dir, instanceType: target.instanceType, status, statusReason, validity }),
    stages: stages.map(({ name, role, requests, outcomes, statusCounts, bytes, latencyUs, throughputPerS }) => {
      const figures = present({ bytes, latencyUs: latencyUs && withoutHistogram(latencyUs) });
      return { name, role, requests, outcomes, statusCounts, ...figures, throughputPerS };
    }),
    ...present({ saturation, capacity, capacityAtSlo, recovery, thresholds, alarms }),
    ...(agreements.length > 0 && { agreements }),
    warnings: [...judged.warnings, ...judged.disturbances],
    report: reportDir,
  };
}

function withoutHistogram({ histogram: _, ...figures }: Latency): Omit<Latency, 'histogram'> {
  return figures;
}
