// The charts of a comparison: both runs over each other.

import type { RunComparison, Side } from '../comparison/compare-runs.ts';
import { formatCount, formatLatency, formatLatencyTick, formatPercent, formatRate, noData } from '../format/format.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import type { Chart } from './chart.ts';
import { type Lines, lineChart } from './lines.ts';
import { logTicks } from './panel.ts';

/** What is drawn of each run. */
export type DrawnSide = Pick<Side, 'label' | 'spread'> & { readonly judged: Pick<Side['judged'], 'stages'> };
/** What is drawn of both. */
export type DrawnComparison = Pick<RunComparison, 'stages' | 'paired'> & {
  readonly baseline: DrawnSide;
  readonly candidate: DrawnSide;
};

type Figure = (stage: JudgedStage) => number | undefined;
const classes = ['baseline', 'candidate'] as const;
/** More points than a chart has pixels for show nothing more. */
const mostSeconds = 500;

/** Throughput and p99 over the load that both were put under. */
export function loadChart({ baseline, candidate }: DrawnComparison, id = 'load'): Chart {
  const sides = [baseline, candidate];
  const open = sides.every(({ judged }) => !judged.stages.some((stage) => isLoad(stage) && stage.connections));
  const load: Figure = (stage) => (open ? stage.arrivalRatePerS?.to : stage.connections);
  const unit = open ? 'arrivals/s' : 'connections';
  const lines = (figure: Figure, format: (value: number) => string): Lines[] =>
    sides.map(({ label, judged }, side) => {
      const points = judged.stages.filter(isLoad).flatMap((stage) => {
        const [x, y] = [load(stage), figure(stage)];
        return x === undefined || x <= 0 || y === undefined ? [] : [[x, y] as const];
      });
      const sorted = [...points].sort(([a], [b]) => a - b);
      return {
        name: label,
        className: classes[side] ?? '',
        points: sorted,
        tips: sorted.map(([x, y]) => `${label}, ${formatCount(x)} ${unit}: ${format(y)}`),
      };
    });
  const throughput = lines((stage) => stage.throughputPerS, formatRate);
  const p99 = lines((stage) => stage.latencyUs?.p99, formatLatency);
  const loads = [...new Set(throughput.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  return lineChart({
    id,
    title: `Throughput and latency against ${open ? 'arrivals' : 'connections'}`,
    description: `Both runs over the load that they were put under: above requests completed per second, below p99 latency. ${baseline.label} is dashed.`,
    panels: [
      { title: 'Throughput, requests/s', lines: throughput, format: formatCount },
      // The legend is that of the panel above.
      { title: 'Latency p99', lines: p99.map((each) => ({ ...each, name: '' })), format: formatLatencyTick, log: true },
    ],
    x: { title: unit, log: loads.length > 1, ticks: loads, format: formatCount },
    table: {
      columns: ['Load', ...sides.flatMap(({ label }) => [`${label}: throughput`, `${label}: p99`])],
      rows: loads.map((at) => [
        formatCount(at),
        ...sides.flatMap((_, side) => [
          shown(valueAt(throughput[side], at), formatRate),
          shown(valueAt(p99[side], at), formatLatency),
        ]),
      ]),
    },
    ...(loads.length < 2 && { empty: 'One load is no line: the tables have its figures.' }),
    width: 550,
  });
}

function isLoad({ role }: JudgedStage): boolean {
  return role === 'measured' || role === 'probe';
}

function valueAt(lines: Lines | undefined, at: number): number | undefined {
  return lines?.points.find(([x]) => x === at)?.[1];
}

function shown(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? noData : format(value);
}

/** The spread of latency of both, over each other. */
export function spreadChart({ baseline, candidate, stages }: DrawnComparison, id = 'spread'): Chart {
  const sides = [baseline, candidate];
  const values = sides.flatMap(({ spread }) => spread.map(([us]) => us));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return lineChart({
    id,
    title: 'How latency is spread',
    description:
      'The share of answers by latency, in equal steps of its logarithm, of both runs over each other. Further right is slower.',
    panels: [
      {
        title: 'Answers, % of all',
        lines: sides.map(({ label, spread }, side) => ({
          name: label,
          className: classes[side] ?? '',
          points: spread,
          filled: true,
        })),
        format: (value) => `${value} %`,
        height: 322,
      },
    ],
    x: {
      title: 'latency, logarithmic',
      log: true,
      ticks: values.length > 0 ? logTicks([low, high]) : [],
      format: formatLatencyTick,
    },
    notes: stages.length > 1 ? [`Over the ${stages.length} stages that both runs have.`] : [],
    table: spreadTable(sides),
    ...(values.length === 0 && { empty: 'The runs have no answered stage in common.' }),
    width: 550,
  });
}

function spreadTable(sides: readonly DrawnSide[]) {
  const steps = [...new Set(sides.flatMap(({ spread }) => spread.map(([us]) => us)))].sort((a, b) => a - b);
  return {
    columns: ['Latency about', ...sides.map(({ label }) => `${label}: answers`)],
    rows: steps.map((us) => [
      formatLatency(us),
      ...sides.map(({ spread }) => shown(spread.find(([each]) => each === us)?.[1], formatPercent)),
    ]),
  };
}

/** Both runs second by second, with the moment from which on they part. */
export function pairedChart({ baseline, candidate, paired }: DrawnComparison, id = 'paired'): Chart {
  const { seconds, figure, partsAt } = paired;
  const step = Math.ceil(seconds.length / mostSeconds);
  const kept = seconds.map((second, index) => ({ ...second, index })).filter(({ index }) => index % step === 0);
  const latency = figure === 'mean latency';
  const format = latency ? formatLatency : formatRate;
  const lines = [baseline, candidate].map(
    ({ label }, side): Lines => ({
      name: label,
      className: classes[side] ?? '',
      points: kept.map((second) => [second.index, second[classes[side] ?? 'baseline']]),
    }),
  );
  const parting = partsAt === undefined ? undefined : seconds[partsAt];
  const bands = seconds.reduce<{ from: number; to: number; name: string }[]>((all, { stage }, index) => {
    const last = all.at(-1);
    if (last?.name === stage) last.to = index + 1;
    else all.push({ from: index, to: index + 1, name: stage });
    return all;
  }, []);
  const every = Math.max(1, Math.round(seconds.length / 8));
  return lineChart({
    id,
    title: `${latency ? 'Mean latency' : 'Throughput'}, second by second`,
    description: `The seconds of the stages that both runs have, one over the other. ${describeParting(paired)}`,
    panels: [
      {
        title: latency ? 'Mean latency' : 'Throughput, requests/s',
        lines,
        format: latency ? formatLatencyTick : formatCount,
        height: 200,
      },
    ],
    x: {
      title: 'seconds of measured load',
      ticks: seconds.map((_, index) => index).filter((index) => index % every === 0),
      format: formatCount,
    },
    bands: bands.length <= 60 ? bands : [],
    ...(parting && partsAt !== undefined && { marks: [{ at: partsAt, name: 'they part' }] }),
    notes: [describeParting(paired), ...(step > 1 ? [`One second of ${step} is drawn.`] : [])],
    table: {
      columns: ['Second', 'Stage', baseline.label, candidate.label],
      rows: kept
        .filter((_, row) => row % Math.ceil(kept.length / 120) === 0)
        .map((second) => [formatCount(second.index), second.stage, format(second.baseline), format(second.candidate)]),
    },
    ...(seconds.length < 2 && { empty: 'The runs have no seconds of load in common.' }),
  });
}

/** From where on the two lie apart, in words. */
export function describeParting({ seconds, partsAt, figure }: RunComparison['paired']): string {
  const parting = partsAt === undefined ? undefined : seconds[partsAt];
  if (!parting) return `In ${figure} they do not part: nowhere are five seconds in a row apart by more than the noise.`;
  const format = figure === 'throughput' ? formatRate : formatLatency;
  const when =
    partsAt === 0 ? 'from the first second on' : `from second ${formatCount(parting.second)} of "${parting.stage}" on`;
  return `They part in ${figure} ${when}: ${format(parting.baseline)} and ${format(parting.candidate)}.`;
}
