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
import { describeEnd, sampleName, trendName } from '../messages/changes.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged, Trend } from '../schema/judged.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import { number, type Table, tableOf, text } from './table.ts';

/** Of each open stage: intended rate and throughput, and latency counted in both ways. */
export function arrivalsTable({ stages }: Judged): Table {
  return tableOf(
    stages.filter((stage) => stage.arrivalRatePerS && stage.role !== 'probe'),
    [
      text('Stage', ({ name }) => name),
      text('Arrivals', ({ arrivals }) => (arrivals === 'poisson' ? 'Poisson' : (arrivals ?? ''))),
      number('Intended', (stage) => stage.arrivalRatePerS, formatArrivalRate),
      number('Throughput', (stage) => stage.throughputPerS, formatRate),
      number('Dropped', ({ requests }) => (requests.intended > 0 ? requests : undefined), describeDropped),
      number('Lag p99', (stage) => stage.scheduleLagUs?.p99, formatLatency),
      number(
        'In flight, mean',
        (stage) => stage.inFlightMean,
        (value) => value.toPrecision(3),
      ),
      number('at most', (stage) => stage.maxConnections, formatCount),
      ...(['p50', 'p99'] as const).flatMap((key) => [
        number(key, (stage: JudgedStage) => stage.latencyUs?.[key], formatLatency),
        number(`${key} raw`, (stage: JudgedStage) => stage.rawLatencyUs?.[key], formatLatency),
      ]),
    ],
    {
      caption: 'Arrivals by stage',
      noun: 'open stages',
      empty: 'The run has no open stage.',
      notes: [
        'Lag: how late a request was sent. Latency counts from the intended start of a request; raw latency counts from when it was sent, so it leaves out the wait before it and makes a slow server look fast.',
      ],
    },
  );
}

function describeDropped({ dropped, intended }: JudgedStage['requests']): string {
  return dropped === 0 ? '0' : `${formatCount(dropped)} (${formatPercent((100 * dropped) / intended)})`;
}

/** Before, during and after each command. */
export function commandTable({ commands }: Judged): Table {
  const rows = commands.flatMap(({ command, before, during, after }) => [
    ...(before ? [{ when: 'before', ...before }] : []),
    { when: `during: ${command.line} ${describeEnd(command)}`, ...during },
    ...(after ? [{ when: 'after', ...after }] : []),
  ]);
  const sampleS = rows.find((each) => each.sampleS !== undefined)?.sampleS;
  return tableOf(
    rows,
    [
      text('When', ({ when }) => when),
      text('Stage', ({ stage }) => stage),
      number('CPU user + system', (each) => each.cpuPercent, formatPercent),
      number(`CPU, busiest ${sampleName(sampleS)}`, (each) => each.busiestCpuPercent, formatPercent),
      number('p50', (each) => each.latencyUs?.p50, formatLatency),
      number('p99', (each) => each.latencyUs?.p99, formatLatency),
      number('Throughput', (each) => each.throughputPerS, formatRate),
      number('Dropped', (each) => each.droppedRatePercent, formatPercent),
      number('Errors', (each) => each.errorRatePercent, formatPercent),
    ],
    { caption: 'Before, during and after the command', empty: 'No command ran during the load.' },
  );
}

/** Changes per hour of long stages. */
export function trendTable({ trends }: Judged): Table {
  const change = (name: string, end: keyof Trend['perHour']) =>
    number(
      name,
      (trend: Trend) => trend,
      ({ unit, perHour: { [end]: value } }) =>
        `${value < 0 ? '−' : value > 0 ? '+' : ''}${(unit === 'bytes' ? formatBytes : formatLatency)(Math.abs(value))}/h`,
    );
  return tableOf(
    trends,
    [
      text('Figure', ({ metric }) => trendName(metric)),
      text('Stage', ({ stage }) => stage),
      text('Trend', ({ changes }) => changes),
      change('Change', 'value'),
      change('95 %, from', 'low'),
      change('to', 'high'),
    ],
    { caption: 'Trends', noun: 'trends', empty: 'No measured stage is long enough for a trend (2 min).' },
  );
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
  return tableOf(
    rows,
    [
      text('Stage', ({ names }) =>
        names.length > 2 ? `${names[0]} to ${names.at(-1)}, ${names.length} stages` : names.join(', '),
      ),
      number('Cut', ({ steady }) => steady.cutS, formatDuration),
      text('Why', ({ steady }) => textOf(steady.reason)),
      text('Steady', ({ steady: { steady } }) => (steady ? 'yes' : { text: 'no (run longer)', kind: 'no-data' })),
    ],
    { caption: 'Warm-up, left out of latency and throughput', empty: 'This run has no warm-up detection.' },
  );
}
