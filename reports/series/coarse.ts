// Long runs in fewer, longer pieces: a comparison of hours need not resample every second.
import { addLatency } from '../../model/latency/latency-counts.ts';
import type { SecondSample, StageSample } from './second-sample.ts';

/** Pieces of a run to draw from: enough for an interval, few enough for a second of computing. */
const mostPieces = 200;

/** Neighbouring seconds added up, so that all stages together have at most about 200 pieces; short runs stay as they are. */
export function coarsen(stages: readonly StageSample[]): readonly StageSample[] {
  const total = stages.reduce((sum, { seconds }) => sum + seconds.length, 0);
  const size = Math.ceil(total / mostPieces);
  if (size <= 1) return stages;
  return stages.map(({ stage, seconds }) => ({
    stage,
    seconds: Array.from({ length: Math.ceil(seconds.length / size) }, (_, piece) =>
      addUp(seconds.slice(piece * size, (piece + 1) * size)),
    ),
  }));
}

function addUp(seconds: readonly SecondSample[]): SecondSample {
  const sum = (of: (second: SecondSample) => number) => seconds.reduce((total, second) => total + of(second), 0);
  return {
    durationS: sum((each) => each.durationS),
    completed: sum((each) => each.completed),
    ended: sum((each) => each.ended),
    errors: sum((each) => each.errors),
    dropped: sum((each) => each.dropped),
    intended: sum((each) => each.intended),
    latency: addLatency(seconds.map(({ latency }) => latency)),
  };
}
