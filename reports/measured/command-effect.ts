// The effect of a command during the load, for example a build, on CPU, latency and throughput: before, during and after it.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { CommandEffect, StageSnapshot } from '../schema/judged-stage.ts';
import { errorRatePercent, withoutHistogram } from './measured.ts';
import { longSampleS } from './sample-interval.ts';

/** One for each stage in which a command ran; before and after are the measured stages beside it. */
export function findCommandEffects(run: RunRecord, observed: Observed | undefined): CommandEffect[] {
  return run.stages.flatMap(({ command }, index) => {
    if (!command) return [];
    const measured = (from: number, step: 1 | -1): number | undefined => {
      for (let at = from; run.stages[at]; at += step) {
        const stage = run.stages[at];
        if (stage?.role === 'measured' && !stage.command) return at;
      }
      return undefined;
    };
    const before = measured(index - 1, -1);
    const after = measured(index + 1, 1);
    return [
      {
        command,
        ...(before !== undefined && { before: snapshot(run, observed, before) }),
        during: snapshot(run, observed, index),
        ...(after !== undefined && { after: snapshot(run, observed, after) }),
      },
    ];
  });
}

function snapshot(run: RunRecord, observed: Observed | undefined, index: number): StageSnapshot {
  const stage = run.stages[index];
  if (!stage) throw new Error(`the run has no stage ${index}`);
  const {
    'system.cpu.user': user,
    'system.cpu.system': system,
    'system.cpu.idle': idle,
  } = observed?.stages[index]?.metrics ?? {};
  const latencyUs = withoutHistogram(stage.latencyUs);
  const sampleS = longSampleS(observed, 'system.cpu.idle');
  const errors = errorRatePercent(stage.requests.sent, stage.outcomes);
  return {
    stage: stage.name,
    ...(user && system && { cpuPercent: user.avg + system.avg }),
    ...(idle && { busiestCpuPercent: 100 - idle.min, ...(sampleS !== undefined && { sampleS }) }),
    ...(stage.durationS > 0 && { throughputPerS: stage.throughputPerS }),
    ...(stage.requests.intended > 0 && {
      droppedRatePercent: (100 * stage.requests.dropped) / stage.requests.intended,
    }),
    ...(errors !== undefined && { errorRatePercent: errors }),
    ...(latencyUs && { latencyUs }),
  };
}
