// Tables of open stages, commands, trends and warm-up.

import {
  formatArrivalRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatLatency,
  formatPercent,
  formatRate,
} from '../format/format.ts';
import { describeEnd, trendName } from '../messages/changes.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import type { JudgedStage, StageSnapshot } from '../schema/judged-stage.ts';
import { cut, figure, number, type Table, text, words } from './table.ts';

/** Of each open stage: intended rate and throughput, and latency counted in both ways. */
export function arrivalsTable({ stages }: Judged): Table {
  const { shown, note } = cut(
    stages.filter((stage) => stage.arrivalRatePerS && stage.role !== 'probe'),
    'open stages',
  );
  return {
    caption: 'Arrivals by stage',
    columns: [
      text('Stage'),
      text('Arrivals'),
      ...['Intended', 'Throughput', 'Dropped', 'Lag p99', 'In flight, mean', 'at most'].map(number),
      ...['p50', 'p50 raw', 'p99', 'p99 raw'].map(number),
    ],
    rows: shown.map((stage) => [
      words(stage.name),
      words(stage.arrivals === 'poisson' ? 'Poisson' : (stage.arrivals ?? '')),
      figure(stage.arrivalRatePerS, formatArrivalRate),
      figure(stage.throughputPerS, formatRate),
      figure(stage.requests.intended > 0 ? stage.requests : undefined, describeDropped),
      figure(stage.scheduleLagUs?.p99, formatLatency),
      figure(stage.inFlightMean, (value) => value.toPrecision(3)),
      figure(stage.maxConnections, formatCount),
      ...(['p50', 'p99'] as const).flatMap((key) => [
        figure(stage.latencyUs?.[key], formatLatency),
        figure(stage.rawLatencyUs?.[key], formatLatency),
      ]),
    ]),
    empty: 'No stage was open (arrivals by the clock).',
    note: [
      ...(note === undefined ? [] : [note]),
      'Lag: how late a request was sent. Latency counts from the intended start of a request; raw latency counts from when it was sent, so it leaves out the wait before it and makes a slow server look fast.',
    ].join(' '),
  };
}

function describeDropped({ dropped, intended }: JudgedStage['requests']): string {
  return dropped === 0 ? '0' : `${formatCount(dropped)} (${formatPercent((100 * dropped) / intended)})`;
}

/** Before, during and after each command. */
export function commandTable({ commands }: Judged): Table {
  const rows = commands.flatMap(({ command, before, during, after }) => {
    const moments: readonly (readonly [string, StageSnapshot | undefined])[] = [
      ['before', before],
      [`during: ${command.line} ${describeEnd(command)}`, during],
      ['after', after],
    ];
    return moments.flatMap(([when, moment]) => (moment ? [{ when, moment }] : []));
  });
  const { shown, note } = cut(rows, 'rows');
  return {
    caption: 'Before, during and after the command',
    columns: [
      text('When'),
      text('Stage'),
      ...['CPU user + system', 'CPU, busiest second', 'p50', 'p99', 'Throughput', 'Dropped', 'Errors'].map(number),
    ],
    rows: shown.map(({ when, moment }) => [
      words(when),
      words(moment.stage),
      figure(moment.cpuPercent, formatPercent),
      figure(moment.busiestCpuPercent, formatPercent),
      figure(moment.latencyUs?.p50, formatLatency),
      figure(moment.latencyUs?.p99, formatLatency),
      figure(moment.throughputPerS, formatRate),
      figure(moment.droppedRatePercent, formatPercent),
      figure(moment.errorRatePercent, formatPercent),
    ]),
    empty: 'No command ran during the load.',
    ...(note !== undefined && { note }),
  };
}

/** Changes per hour of long stages. */
export function trendTable({ trends }: Judged): Table {
  const { shown, note } = cut(trends, 'trends');
  const signed = (unit: 'bytes' | 'us') => (value: number) =>
    `${value < 0 ? '−' : value > 0 ? '+' : ''}${(unit === 'bytes' ? formatBytes : formatLatency)(Math.abs(value))}/h`;
  return {
    caption: 'Trends',
    columns: [text('Figure'), text('Stage'), text('Trend'), ...['Change', '95 %, from', 'to'].map(number)],
    rows: shown.map(({ stage, metric, unit, perHour, changes }) => [
      words(trendName(metric)),
      words(stage),
      words(changes),
      figure(perHour.value, signed(unit)),
      figure(perHour.low, signed(unit)),
      figure(perHour.high, signed(unit)),
    ]),
    empty: 'No measured stage is long enough for a trend (2 min).',
    ...(note !== undefined && { note }),
  };
}

/** What was left out as warm-up, and why; consecutive stages with the same result share a row. */
export function warmUpTable({ stages }: Judged): Table {
  const rows: { names: string[]; steady: NonNullable<JudgedStage['steady']> }[] = [];
  for (const { name, steady } of stages) {
    if (!steady) continue;
    const last = rows.at(-1);
    if (last && last.steady.reason.code === steady.reason.code && last.steady.cutS === steady.cutS)
      last.names.push(name);
    else rows.push({ names: [name], steady });
  }
  const { shown, note } = cut(rows, 'rows');
  return {
    caption: 'Warm-up, left out of latency and throughput',
    columns: [text('Stage'), number('Cut'), text('Why'), text('Steady')],
    rows: shown.map(({ names, steady }) => [
      words(names.length > 2 ? `${names[0]} to ${names.at(-1)}, ${names.length} stages` : names.join(', ')),
      figure(steady.cutS, formatDuration),
      words(textOf(steady.reason)),
      { text: steady.steady ? 'yes' : 'no (run longer)', kind: steady.steady ? 'text' : 'no-data' },
    ]),
    empty: 'This run has no warm-up detection.',
    ...(note !== undefined && { note }),
  };
}
