// Two runs second by second, with the second from which they diverge.
import { formatCount, formatLatency, formatLatencyTick, formatRate } from '../format/format.ts';
import { describeDivergence } from '../messages/divergence-text.ts';
import type { PairedSecond } from '../series/divergence.ts';
import { type ComparisonChart, type DrawnComparison, sidesOf } from './compared.ts';
import type { Band } from './drawing/bands.ts';
import { linePanel } from './drawing/line-panel.ts';
import { plotChart } from './drawing/plot.ts';

/** More points than a chart has pixels show nothing more. */
const mostSeconds = 500;
const mostRows = 120;

/** Throughput, or the mean latency of open stages, of the seconds that both runs have. */
export const pairedChart: ComparisonChart = {
  id: 'paired',
  section: 'folded',
  draw: (comparison, id) => {
    const { baseline, candidate, paired } = comparison;
    const { seconds, figure, divergesAt } = paired;
    const every = Math.ceil(seconds.length / mostSeconds);
    const kept = seconds.map((second, index) => ({ ...second, index })).filter(({ index }) => index % every === 0);
    const isEmpty = seconds.length < 2;
    const isLatency = figure === 'mean latency';
    const format = isLatency ? formatLatency : formatRate;
    const tickEvery = Math.max(1, Math.round(seconds.length / 8));
    return plotChart({
      id,
      title: `${isLatency ? 'Mean latency' : 'Throughput'} second by second`,
      description: `The seconds of the stages that both runs have, over each other. ${describeDivergence(paired)}`,
      panels: [
        linePanel({
          title: isLatency ? 'Mean latency' : 'Throughput',
          ...(!isLatency && { unit: 'requests/s' }),
          lines: sidesOf(comparison).map(({ label, className, side }) => ({
            name: label,
            className,
            points: kept.map((second) => [second.index, second[side]]),
          })),
          format: isLatency ? formatLatencyTick : formatCount,
          height: 200,
        }),
      ],
      x: {
        title: 'seconds of measured load',
        ticks: seconds.map((_, index) => index).filter((index) => index % tickEvery === 0),
        format: formatCount,
      },
      bands: bandsOf(seconds, baseline.judged.stages),
      ...(divergesAt !== undefined && { marks: [{ at: divergesAt, name: 'the runs diverge' }] }),
      notes: isEmpty ? [] : [describeDivergence(paired), ...(every > 1 ? [`Shows one second of ${every}.`] : [])],
      table: {
        columns: ['Second', 'Stage', baseline.label, candidate.label],
        rows: kept
          .filter((_, row) => row % Math.ceil(kept.length / mostRows) === 0)
          .map((each) => [formatCount(each.index), each.stage, format(each.baseline), format(each.candidate)]),
      },
      ...(isEmpty && { empty: 'The runs have no seconds of load in common.' }),
    });
  },
};

/** The seconds of one stage are a band. */
function bandsOf(seconds: readonly PairedSecond[], stages: DrawnComparison['baseline']['judged']['stages']): Band[] {
  const starts = seconds.flatMap(({ stage }, index) => (stage === seconds[index - 1]?.stage ? [] : [index]));
  return starts.map((from, index): Band => {
    const name = seconds[from]?.stage ?? '';
    const connections = stages.find((stage) => stage.name === name)?.connections;
    return { name, from, to: starts[index + 1] ?? seconds.length, ...(connections !== undefined && { connections }) };
  });
}
