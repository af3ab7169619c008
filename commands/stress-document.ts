// What `stress --json` prints.
import type { StressResult } from './stress.ts';

/** The contract's document for one run; latency without its histograms, which stand in run.json. */
export function stressDocument({ run, dir, judged, reportDir }: StressResult, exitCode: number): object {
  return {
    runs: [
      {
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
        warnings: run.warnings,
      },
    ],
    verdict: judged.verdict,
    headline: judged.headline,
    report: reportDir,
    exitCode,
  };
}
