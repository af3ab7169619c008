// What `stress --json` prints.

import type { Latency } from '../../../model/latency/latency-schema.ts';
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
  return {
    id: run.id,
    dir,
    ...(run.target.instanceType !== undefined && { instanceType: run.target.instanceType }),
    status: run.status,
    ...(run.statusReason !== undefined && { statusReason: run.statusReason }),
    validity: judged.validity,
    stages: run.stages.map(({ name, role, requests, outcomes, statusCounts, bytes, latencyUs, throughputPerS }) => {
      return {
        name,
        role,
        requests,
        outcomes,
        statusCounts,
        ...(bytes && { bytes }),
        ...(latencyUs && { latencyUs: withoutHistogram(latencyUs) }),
        throughputPerS,
      };
    }),
    ...(judged.saturation && { saturation: judged.saturation }),
    ...(judged.capacity && { capacity: judged.capacity }),
    ...(judged.capacityAtSlo && { capacityAtSlo: judged.capacityAtSlo }),
    ...(run.recovery && { recovery: run.recovery }),
    thresholds: judged.thresholds,
    ...(judged.alarms && { alarms: judged.alarms }),
    ...(judged.agreements.length > 0 && { agreements: judged.agreements }),
    warnings: [...judged.warnings, ...judged.disturbances],
    report: reportDir,
  };
}

function withoutHistogram({ histogram: _, ...figures }: Latency): Omit<Latency, 'histogram'> {
  return figures;
}
