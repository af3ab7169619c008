// Throughput of each block of a run that was visited in turn, with its speed checks and whether it counts.
import { type Block, fewestBlocks } from '../../model/block.ts';
import { isOpenBlock } from '../../model/stage/stage-record.ts';
import { formatCount, formatPercent, formatRate, noData } from '../format/format.ts';
import { textOf } from '../messages/text-of.ts';
import type { Report } from '../schema/report.ts';
import { type Chart, type RunChart, shown } from './drawing/chart.ts';
import { linePanel } from './drawing/line-panel.ts';
import { plotChart } from './drawing/plot.ts';

type Stage = Report['run']['stages'][number] & { readonly blocks: readonly Block[] };

/** A panel for each stage in blocks, a dot for each block; undefined for a run without blocks. */
export const blockChart: RunChart = {
  id: 'blocks',
  section: 'load',
  draw: ({ run }, id) => {
    const stages = (run?.stages ?? []).filter(
      (stage): stage is Stage => (stage.blocks ?? []).length > 0 && !isOpenBlock(stage),
    );
    return run && stages.length > 0 ? drawBlocks(run, stages, id) : undefined;
  },
};

function drawBlocks({ probe }: Report['run'], stages: readonly Stage[], id: string): Chart {
  const restarted = stages.some(({ blocks }) => blocks.some(({ start = 1 }) => start > 1));
  const most = Math.max(...stages.map(({ blocks }) => blocks.length));
  const of = (stage: Stage, clean: boolean) => ({
    name: clean ? 'undisturbed' : 'disturbed',
    className: clean ? 'throughput' : 'p99',
    unjoined: true,
    points: stage.blocks.flatMap((block, at): [number, number][] =>
      block.clean === clean ? [[at + 1, block.throughputPerS]] : [],
    ),
    tips: stage.blocks.filter((block) => block.clean === clean).map((block) => formatRate(block.throughputPerS)),
  });
  return plotChart({
    id,
    span: 'half',
    title: 'Blocks',
    description: `Throughput of each block of ${stages.map(({ name }) => name).join(' and ')}. The figure of a stage is the median of its undisturbed blocks; where they are fewer than ${fewestBlocks}, blocks on a slow core count too, corrected by the redis SETs beside them.`,
    panels: stages.map((stage) =>
      linePanel({
        title: stage.name,
        unit: 'requests/s',
        format: formatCount,
        height: 120,
        lines: [true, false].map((clean) => of(stage, clean)).filter(({ points }) => points.length > 0),
        level: { at: stage.throughputPerS, name: 'median' },
      }),
    ),
    x: { title: 'block', ticks: Array.from({ length: most }, (_, at) => at + 1), format: formatCount },
    table: {
      columns: [
        'Stage',
        ...(restarted ? ['Start of the app'] : []),
        'Throughput',
        'Speed check before',
        'Speed check after',
        'SET before',
        'SET after',
        'Taken by others',
        'Undisturbed',
      ],
      rows: stages.flatMap(({ name, blocks }) =>
        blocks.map((block) => [name, ...(restarted ? [shown(block.start, formatCount)] : []), ...rowOf(block)]),
      ),
    },
    notes: probe
      ? [
          `The speed check, a fixed computation on the measured core, took ${milliseconds(probe.medianMs)} of CPU (median), ${milliseconds(probe.fastestMs)} at its fastest.`,
        ]
      : [],
  });
}

function rowOf({ throughputPerS, probe, redisSet, takenShare, clean, disturbance }: Block): string[] {
  return [
    formatRate(throughputPerS),
    shown(probe?.beforeMs, milliseconds),
    shown(probe?.afterMs, milliseconds),
    shown(redisSet?.beforeUs, microseconds),
    shown(redisSet?.afterUs, microseconds),
    takenShare === undefined ? noData : formatPercent(100 * takenShare),
    clean ? 'yes' : `no: ${disturbance ? textOf(disturbance) : 'disturbed'}`,
  ];
}

function microseconds(us: number): string {
  return `${us.toPrecision(3)} µs`;
}

function milliseconds(ms: number): string {
  return `${ms.toPrecision(3)} ms`;
}
