// The probes of a search for the capacity: which arrival rates met the SLO, and the interval between them.
import { formatCount, formatLatency, formatNumberOf, formatPercent, formatRate, noData } from '../format/format.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged, JudgedCapacity } from '../schema/judged.ts';
import { type DrawnProbe, drawProbes } from './capacity-picture.ts';
import { type Chart, makeChart, type RunChart, shown } from './drawing/chart.ts';

type Probe = Omit<DrawnProbe, 'latencyUs'> & { readonly result: Judged['stages'][number] | undefined };
type Figure = JudgedCapacity['latency']['figure'];

/** Latency of each probe over its arrival rate; undefined for a run without a capacity. */
export const capacityChart: RunChart = {
  id: 'capacity',
  section: 'figures',
  draw: ({ judged }, id) => judged?.capacity && drawCapacity(judged.capacity, judged.stages, id),
};

function drawCapacity(capacity: JudgedCapacity, stages: Judged['stages'], id: string): Chart {
  const { figure } = capacity.latency;
  const probes = capacity.probes.map((probe): Probe => ({ ...probe, result: stages[probe.stage] }));
  const drawn = probes.flatMap((probe): DrawnProbe[] => {
    const latencyUs = probe.result?.latencyUs?.[figure];
    return latencyUs === undefined ? [] : [{ ...probe, latencyUs }];
  });
  const met = probes.filter(({ holds }) => holds).length;
  const silent = probes.length - drawn.length;
  return makeChart(
    {
      id,
      title: 'Search for the capacity',
      description:
        `${figure} latency over arrival rate, both logarithmic, of ${formatNumberOf(probes.length, 'probe')}: ${met} met the SLO, ${probes.length - met} did not. ` +
        `Capacity: ${formatRate(capacity.arrivalRatePerS)} (95 % interval: ${formatRate(capacity.low)} to ${formatRate(capacity.high)}).`,
      table: tableOf(probes, figure),
      notes: silent > 0 ? [`Not drawn: ${formatNumberOf(silent, 'probe')} without a response.`] : [],
      ...(drawn.length === 0 && { empty: 'No probe received a response.' }),
    },
    (canvas) => drawProbes(drawn, capacity, canvas),
  );
}

function tableOf(probes: readonly Probe[], figure: Figure): Chart['table'] {
  const figures = [figure, ...(['p50', 'p99'] as const).filter((each) => each !== figure)];
  return {
    columns: ['Arrival rate', 'SLO', 'Throughput', ...figures, 'Dropped', 'Errors', 'Reason'],
    rows: [...probes]
      .sort((a, b) => a.arrivalRatePerS - b.arrivalRatePerS)
      .map(({ arrivalRatePerS, holds, result, reasons }) => [
        formatRate(arrivalRatePerS),
        holds ? 'met' : 'missed',
        shown(result?.throughputPerS, formatRate),
        ...figures.map((each) => shown(result?.latencyUs?.[each], formatLatency)),
        result ? formatCount(result.requests.dropped) : noData,
        shown(result?.errorRatePercent, formatPercent),
        reasons.map(textOf).join('; '),
      ]),
  };
}
