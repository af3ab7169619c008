// CPU time of a request against throughput: each stage, and the service demand with its interval.
import { ticks } from 'd3-array';
import { formatCount, formatCpuTime, formatLatencyTick, formatNumber, formatRate } from '../format/format.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import type { Chart, RunChart } from './drawing/chart.ts';
import { linePanel } from './drawing/line-panel.ts';
import { plotChart } from './drawing/plot.ts';

type ServiceDemand = NonNullable<SizingRecord['serviceDemand']>;

/** Each stage as a dot, the fit as a level; undefined for a record without points. */
export const demandChart: RunChart = {
  id: 'demand',
  section: 'sizing',
  draw: ({ judged }, id) => judged?.sizing?.serviceDemand && drawDemand(judged.sizing.serviceDemand, id),
};

function drawDemand(demand: ServiceDemand, id: string): Chart {
  const { of, demandMs, backgroundVcpus, points } = demand;
  const loaded = points.filter(({ perS }) => perS > 0);
  const most = Math.max(Number.MIN_VALUE, ...loaded.map(({ perS }) => perS));
  const what = of === 'app' ? "the app's processes" : 'the whole host without the load generator';
  // What a stage used above rest, by its requests.
  const msOf = ({ perS, vcpus }: ServiceDemand['points'][number]) =>
    Math.max(0, (1000 * (vcpus - backgroundVcpus.value)) / perS);
  const level = (ms: number) => [0, most].map((perS): readonly [number, number] => [perS, ms]);
  return plotChart({
    id,
    span: 'half',
    title: 'CPU time of a request',
    description: `CPU time that a request takes of ${what}, above use at rest, against throughput, one dot per stage. Service demand: ${formatCpuTime(demandMs.value)}. Background use: ${formatNumber(backgroundVcpus.value)} vCPUs.`,
    panels: [
      linePanel({
        title: 'CPU time',
        format: (ms) => (ms === 0 ? '0' : formatLatencyTick(1000 * ms)),
        height: 200,
        lines: [
          { name: 'fit', className: 'p99', points: level(demandMs.value) },
          { name: '95 %', className: 'p99 raw', points: level(Math.max(0, demandMs.low)) },
          { name: '', className: 'p99 raw', points: level(demandMs.high) },
          {
            name: 'stages',
            className: 'throughput',
            unjoined: true,
            points: loaded.map((each) => [each.perS, msOf(each)]),
            tips: loaded.map((each) => `${each.stage}: ${formatRate(each.perS)}, ${formatCpuTime(msOf(each))}`),
          },
        ],
      }),
    ],
    x: {
      title: 'requests/s',
      ticks: ticks(0, most, 5),
      format: (perS) => (most < 10 ? formatNumber(perS) : formatCount(perS)),
    },
    table: {
      columns: ['Stage', 'Throughput', 'vCPUs in use', 'CPU time of a request'],
      rows: points.map((each) => [
        each.stage,
        formatRate(each.perS),
        formatNumber(each.vcpus),
        each.perS > 0 ? formatCpuTime(msOf(each)) : '',
      ]),
    },
    notes: [noteOf(demand)],
  });
}

function noteOf({ demandMs: { value, low, high }, r2 }: ServiceDemand): string {
  const interval = `${formatCpuTime(low)} to ${formatCpuTime(high)}`;
  return r2 === undefined
    ? `Service demand: ${formatCpuTime(value)} above idle use (single seconds: ${interval}). CPU does not rise along a line with throughput.`
    : `Service demand: ${formatCpuTime(value)} (95 %: ${interval}) by least squares, R² ${r2.toFixed(3)}.`;
}
