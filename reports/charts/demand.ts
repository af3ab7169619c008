// CPU in use against throughput, and the line whose slope is the service demand.
import { ticks } from 'd3-array';
import { formatCount, formatRate } from '../format/format.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import type { Chart, RunChart } from './chart.ts';
import { linePanel } from './line-panel.ts';
import { plotChart } from './plot.ts';

type Demand = NonNullable<SizingRecord['serviceDemand']>;

/** Each stage as a dot, the fit as a line; undefined for a record without points. */
export const demandChart: RunChart = {
  id: 'demand',
  section: 'sizing',
  draw: ({ judged }, id) => judged?.sizing?.serviceDemand && drawDemand(judged.sizing.serviceDemand, id),
};

function drawDemand(demand: Demand, id: string): Chart {
  const { of, demandMs, backgroundVcpus, points } = demand;
  const most = Math.max(Number.MIN_VALUE, ...points.map(({ perS }) => perS));
  const fitted = (perS: number) => backgroundVcpus.value + (perS * demandMs.value) / 1000;
  const what = of === 'app' ? "the app's processes" : 'the whole host without the load generator';
  return plotChart({
    id,
    span: 'half',
    title: 'CPU per request',
    description: `vCPUs used by ${what} against throughput, one dot per stage. Service demand: ${short(demandMs.value)} ms of CPU per request. Background use: ${short(backgroundVcpus.value)} vCPUs.`,
    panels: [
      linePanel({
        title: 'vCPUs in use',
        format: short,
        height: 230,
        lines: [
          {
            name: 'fit',
            className: 'p99',
            points: [
              [0, fitted(0)],
              [most, fitted(most)],
            ],
          },
          {
            name: 'stages',
            className: 'throughput',
            unjoined: true,
            points: points.map(({ perS, vcpus }) => [perS, vcpus]),
            tips: points.map(({ stage, perS, vcpus }) => `${stage}: ${formatRate(perS)}, ${short(vcpus)} vCPUs`),
          },
        ],
      }),
    ],
    x: {
      title: 'requests/s',
      ticks: ticks(0, most, 5),
      format: (perS) => (most < 10 ? short(perS) : formatCount(perS)),
    },
    table: {
      columns: ['Stage', 'Throughput', 'vCPUs in use', 'vCPUs by the fit'],
      rows: points.map(({ stage, perS, vcpus }) => [stage, formatRate(perS), short(vcpus), short(fitted(perS))]),
    },
    notes: [noteOf(demand)],
  });
}

function noteOf({ demandMs: { value, low, high }, r2 }: Demand): string {
  return r2 === undefined
    ? `Service demand: ${short(value)} ms above idle use (single seconds: ${short(low)} to ${short(high)} ms). CPU does not rise along a line with throughput.`
    : `Service demand: ${short(value)} ms (95 % interval: ${short(low)} to ${short(high)} ms) by least squares, R² ${r2.toFixed(3)}. At dots above the line a request uses more CPU.`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
