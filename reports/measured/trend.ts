// Changes under constant load: growing memory, rising latency.
import type { RunRecord } from '../../model/run-record.ts';
import type { Trend } from '../schema/judged.ts';
import { fitLine } from '../series/regression.ts';
import type { Seconds } from '../series/seconds.ts';

/** In a shorter stage the warm-up is the trend. */
const shortestS = 120;
/** A line is fitted to the means of this many blocks: consecutive seconds are correlated and would make the interval too narrow. */
const blocks = 20;

/**
 * Memory of the app and p99 of latency over each long measured stage: change per hour with its 95 % interval, from a line through the
 * means of 20 blocks (batch means: Law, Simulation Modeling and Analysis, 9.5.3). A trend whose interval contains 0 is none.
 */
export function findTrends(run: RunRecord, seconds: Seconds): Trend[] {
  // The load of a log is not constant.
  if (run.replay) return [];
  return run.stages.flatMap((stage, number) => {
    if (stage.role !== 'measured' || stage.durationS < shortestS) return [];
    const from = (seconds.stageStarts[number] ?? 0) + (stage.steady?.cutS ?? 0);
    const to = (seconds.stageStarts[number] ?? 0) + stage.durationS;
    const memory = seconds.host.flatMap(({ atS, metrics }) => {
      const bytes = metrics['app.mem.rss'];
      return bytes === undefined || atS < from || atS > to ? [] : [{ x: atS, y: bytes }];
    });
    const latency = seconds.load.flatMap((second) =>
      second.stage === number && second.p99Us !== undefined && second.atS >= from
        ? [{ x: second.atS, y: second.p99Us }]
        : [],
    );
    return [
      ...describe(stage.name, 'app.mem.rss', 'bytes', memory, from, to),
      ...describe(stage.name, 'latency.p99', 'us', latency, from, to),
    ];
  });
}

function describe(
  stage: string,
  metric: string,
  unit: Trend['unit'],
  points: readonly { readonly x: number; readonly y: number }[],
  from: number,
  to: number,
): Trend[] {
  const width = (to - from) / blocks;
  const means = Array.from({ length: blocks }, (_, block) => {
    const own = points.filter(({ x }) => x >= from + block * width && x < from + (block + 1) * width);
    return own.length === 0
      ? []
      : [{ x: (from + (block + 0.5) * width) / 3600, y: own.reduce((sum, { y }) => sum + y, 0) / own.length }];
  }).flat();
  const line = fitLine(means);
  if (!line || means.length < blocks / 2) return [];
  const { value, low, high } = line.slope;
  return [
    { stage, metric, unit, perHour: { value, low, high }, changes: low > 0 ? 'grows' : high < 0 ? 'falls' : 'none' },
  ];
}
