// The table behind the time chart, and the same figures as tooltips.
import { formatDuration, formatLatency, formatPercent, formatRate, noData } from '../format/format.ts';
import type { Timeline } from '../series/timeline.ts';
import type { TimelineRow } from '../series/timeline-rows.ts';
import { bandHeight } from './drawing/bands.ts';
import { type ChartTable, shown } from './drawing/chart.ts';
import type { Frame } from './drawing/panel.ts';
import { element, tooltip } from './drawing/svg.ts';

/** One row per second, or per interval of a long run. */
export function timeTable({ rows }: Timeline): ChartTable {
  const single = rows.every((row) => row.toS - row.fromS <= 1);
  const worst = single ? '' : ', worst second';
  return {
    columns: [
      'Time',
      'Stage',
      single ? 'Throughput' : 'Throughput, lowest to highest',
      `p50${worst}`,
      `p99${worst}`,
      `Errors${worst}`,
      single ? 'CPU' : 'CPU, busiest',
    ],
    rows: rows.map((row) => [
      single ? `${row.fromS} s` : `${formatDuration(row.fromS)} – ${formatDuration(row.toS)}`,
      row.stage,
      throughput(row),
      shown(row.p50Us, formatLatency),
      shown(row.p99Us, formatLatency),
      shown(row.errorsPerS, formatRate),
      shown(row.cpuPercent, formatPercent),
    ]),
  };
}

/** Invisible areas over all panels, one per row of the table, with its figures as tooltip. */
export function tooltips({ rows }: Timeline, x: (atS: number) => number, frames: readonly Frame[]): string {
  const { right, bottom } = frames.at(-1) as Frame;
  return rows
    .map((row) =>
      element(
        'rect',
        {
          x: x(row.fromS),
          y: bandHeight,
          width: Math.max(0.5, Math.min(right, x(row.toS)) - x(row.fromS)),
          height: bottom - bandHeight,
          class: 'hover',
        },
        tooltip(describe(row)),
      ),
    )
    .join('');
}

function describe(row: TimelineRow): string {
  const parts = [
    `${formatDuration(row.fromS)}${row.stage === '' ? '' : ` (${row.stage})`}`,
    row.throughputPerS && throughput(row),
    row.p50Us !== undefined && `p50 ${formatLatency(row.p50Us)}`,
    row.p99Us !== undefined && `p99 ${formatLatency(row.p99Us)}`,
    row.errorsPerS !== undefined && row.errorsPerS > 0 && `${formatRate(row.errorsPerS)} errors`,
    row.cpuPercent !== undefined && `CPU ${formatPercent(row.cpuPercent)}`,
  ];
  return parts.filter(Boolean).join(' · ');
}

function throughput({ throughputPerS }: TimelineRow): string {
  if (!throughputPerS) return noData;
  const { min, max } = throughputPerS;
  return min === max ? formatRate(max) : `${formatRate(min)} – ${formatRate(max)}`;
}
