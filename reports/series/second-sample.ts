// The seconds of a run's measured stages, as a comparison draws from them.

import { addLatency, type LatencyCounts, latencyCounts } from '../../model/latency/latency-counts.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Line, LoadLine } from '../../model/second.ts';

export type SecondSample = {
  readonly durationS: number;
  readonly completed: number;
  readonly ended: number;
  readonly errors: number;
  readonly dropped: number;
  readonly intended: number;
  readonly latency: LatencyCounts;
};

/** The seconds of one measured stage. */
export type StageSample = { readonly stage: string; readonly seconds: readonly SecondSample[] };

/** A second and its begin, in ms since 1970. */
type Placed = { readonly from: number; readonly sample: SecondSample };

/** A second that ended early has less information than a whole one. */
const shortestS = 0.5;

/** Second by second over all generators, without the warm-up that the run cut off; whoever reads the lines for something else feeds it too. */
export function gatherSamples(run: RunRecord) {
  const byStage = run.stages.map(() => new Map<number, Placed>());
  const position = new Map<string, number>();
  return {
    add(line: Line): void {
      const stage = line.kind === 'load' ? run.stages[line.stage] : undefined;
      if (line.kind !== 'load' || line.lead || stage?.role !== 'measured') return;
      const generator = `${line.stage}/${line.generator}`;
      const second = position.get(generator) ?? 0;
      position.set(generator, second + 1);
      if (line.durationS < shortestS) return;
      const samples = byStage[line.stage] as Map<number, Placed>;
      const known = samples.get(second);
      const from = Math.min(known?.from ?? Number.POSITIVE_INFINITY, Date.parse(line.at));
      samples.set(second, { from, sample: add(known?.sample, line) });
    },
    result: (): readonly StageSample[] =>
      run.stages.flatMap((stage, index) => {
        const placed = [...(byStage[index] as Map<number, Placed>).values()];
        // As the run itself cuts: from the first second of load, which comes a little after the begin of an open stage.
        const first = placed.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY);
        const cutMs = ((stage.steady?.cutS ?? 0) - shortestS) * 1000;
        const seconds = placed.filter(({ from }) => from - first >= cutMs).map(({ sample }) => sample);
        return seconds.length === 0 ? [] : [{ stage: stage.name, seconds }];
      }),
  };
}

function add(known: SecondSample | undefined, line: LoadLine): SecondSample {
  const { ok, unexpectedStatus, timeout, connectionError } = line.outcomes;
  const latency = line.latencyUs === undefined ? addLatency([]) : latencyCounts(line.latencyUs);
  return {
    durationS: Math.max(known?.durationS ?? 0, line.durationS),
    completed: (known?.completed ?? 0) + ok + unexpectedStatus,
    ended: (known?.ended ?? 0) + ok + unexpectedStatus + timeout + connectionError,
    errors: (known?.errors ?? 0) + unexpectedStatus + timeout + connectionError,
    dropped: (known?.dropped ?? 0) + (line.dropped ?? 0),
    intended: (known?.intended ?? 0) + (line.intended ?? line.sent),
    latency: known ? addLatency([known.latency, latency]) : latency,
  };
}
