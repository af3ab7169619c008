// Chart: the CPU that the stages of load took, against their throughput, and the line whose slope is the service demand.
import { ticks } from 'd3-array';
import { formatCount, formatPercent, formatRate } from '../format/format.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import { type Chart, widths } from './chart.ts';
import { lineChart } from './lines.ts';

/** Every stage as a dot, the fit as a line; undefined for a record of a version that kept no points. */
export function demandChart({ serviceDemand }: Pick<SizingRecord, 'serviceDemand'>, id = 'demand'): Chart | undefined {
  if (!serviceDemand) return undefined;
  const { of, demandMs, backgroundVcpus, r2, points } = serviceDemand;
  const most = Math.max(Number.MIN_VALUE, ...points.map(({ perS }) => perS));
  const at = (perS: number) => backgroundVcpus.value + (perS * demandMs.value) / 1000;
  const what = of === 'app' ? "the app's processes" : 'the whole host without the load generator';
  return lineChart({
    id,
    title: 'CPU per request',
    description: `vCPUs in use by ${what} against throughput, a dot per stage. A request costs ${ms(demandMs.value)} of CPU; without one ${vcpus(backgroundVcpus.value)} are in use.`,
    panels: [
      {
        title: 'vCPUs in use',
        format: (value) => String(Number(value.toPrecision(3))),
        lines: [
          {
            name: 'fit',
            className: 'p99',
            points: [
              [0, at(0)],
              [most, at(most)],
            ],
          },
          {
            name: 'stages',
            className: 'throughput',
            unjoined: true,
            points: points.map(({ perS, vcpus: used }) => [perS, used]),
            tips: points.map((point) => `${point.stage}: ${formatRate(point.perS)}, ${vcpus(point.vcpus)}`),
          },
        ],
      },
    ],
    x: {
      title: 'requests/s',
      ticks: ticks(0, most, 5),
      format: (perS) => (most < 10 ? String(Number(perS.toPrecision(3))) : formatCount(perS)),
    },
    table: {
      columns: ['Stage', 'Throughput', 'vCPUs in use', 'By the fit'],
      rows: points.map(({ stage, perS, vcpus: used }) => [
        stage,
        formatRate(perS),
        String(Number(used.toPrecision(3))),
        String(Number(at(perS).toPrecision(3))),
      ]),
    },
    notes: [
      r2 === undefined
        ? `${ms(demandMs.value)} of CPU a request above rest, between ${ms(demandMs.low)} and ${ms(demandMs.high)} in single seconds. The stages show no line that rises with the load.`
        : `${ms(demandMs.value)} of CPU a request (95 %: ${ms(demandMs.low)} to ${ms(demandMs.high)}), fitted by least squares; that explains ${formatPercent(100 * r2)} of how the stages differ. A dot above the line is a load at which a request costs more.`,
    ],
    width: widths.wide / 2 - 10,
  });
}

const ms = (value: number): string => `${Number(value.toPrecision(3))} ms`;
const vcpus = (value: number): string => `${Number(value.toPrecision(3))} vCPUs`;
