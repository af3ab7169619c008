// What `stress --json` prints.

import type { RunComparison } from '../../reports/comparison/compare-runs.ts';
import type { GradedSizing } from '../../reports/sizing/grade-predictions.ts';
import { type Block, describeBlocks } from './pair.ts';
import type { StressResult } from './stress.ts';

/** The contract's document; latency without its histograms, which stand in run.json. */
export function stressDocument(
  results: readonly StressResult[],
  exitCode: number,
  compared?: GradedSizing,
  pair?: { readonly comparison: RunComparison; readonly reportDir: string },
  blocks: readonly Block[] = [],
): object {
  const last = results.at(-1);
  return {
    runs: results.map(describeRun),
    ...(compared && { sizing: compared.sizing, predictions: compared.predictions }),
    ...(pair && { decision: pair.comparison.decision, comparison: pair.reportDir }),
    ...(blocks.length > 0 && { blocks: describeBlocks(blocks) }),
    ...(last && {
      verdict: last.judged.verdict,
      headline: last.judged.headline,
      report: pair?.reportDir ?? last.reportDir,
    }),
    exitCode,
  };
}

function describeRun({ run, dir, judged, reportDir }: StressResult): object {
  return {
    id: run.id,
    dir,
    ...(run.target.instanceType !== undefined && { instanceType: run.target.instanceType }),
    status: run.status,
    ...(run.statusReason !== undefined && { statusReason: run.statusReason }),
    validity: judged.validity,
    stages: run.stages.map(({ name, role, requests, outcomes, statusCounts, latencyUs, throughputPerS }) => {
      const { histogram: _, ...figures } = latencyUs ?? { histogram: '' };
      return {
        name,
        role,
        requests,
        outcomes,
        statusCounts,
        ...(latencyUs && { latencyUs: figures }),
        throughputPerS,
      };
    }),
    ...(judged.saturation && { saturation: judged.saturation }),
    ...(judged.capacity && { capacity: judged.capacity }),
    ...(run.recovery && { recovery: run.recovery }),
    thresholds: judged.thresholds,
    ...(judged.alarms && { alarms: judged.alarms }),
    ...(judged.agreements.length > 0 && { agreements: judged.agreements }),
    warnings: [...judged.warnings, ...judged.disturbances],
    report: reportDir,
  };
}
