// The table on which the decision of a comparison rests: both runs side by side.

import type { RunComparison, Side } from '../comparison/compare-runs.ts';
import { isWorse } from '../comparison/decision.ts';
import type { Difference } from '../comparison/difference.ts';
import type { MachineFacts } from '../comparison/instance-facts.ts';
import { capitalize, formatDuration, formatLatency, formatNumberOf, formatPercent, noData } from '../format/format.ts';
import { limitName } from '../messages/limits.ts';
import { figureName, formatFigure, formatSigned } from '../messages/metric-text.ts';
import { fewestSeconds } from '../series/bootstrap.ts';
import type { Estimate } from '../series/regression.ts';
import { exactly } from '../sizing/demand/estimate.ts';
import { buildRows } from './comparison-builds.ts';
import { type Cell, figure, rateCell, type Table, words } from './table.ts';

/** A figure as text. */
export const right = (content: string): Cell => ({ text: content, kind: 'number' });

/** A figure of both runs whose difference says nothing. */
function plainRow(name: string, values: readonly string[]): Cell[] {
  return [words(name), ...values.map(right), words('')];
}

/** The rows of the table that have a difference, or those of figures that are only side by side. */
export function rowsWith(difference: boolean, table: Table): Table {
  const rows = table.rows.filter((row) => (row.at(-1)?.text !== '') === difference);
  if (difference) return { ...table, rows };
  return {
    caption: 'Both types',
    columns: table.columns.slice(0, -1),
    rows: rows.map((row) => row.slice(0, -1)),
    empty: '',
  };
}

/** Everything that a decision rests on. */
export function sideBySideTable(comparison: RunComparison): Table {
  const { baseline, candidate, differences, machines } = comparison;
  const sides = [baseline, candidate];
  return {
    caption: 'Differences',
    columns: [
      { name: 'Figure', kind: 'text' },
      ...[baseline.label, candidate.label, 'Difference (95 %)'].map((name) => ({ name, kind: 'number' as const })),
    ],
    rows: [
      ...(machines
        ? [...machineRows(machines.baseline, machines.candidate), ...baselineLatencyRows(comparison)]
        : [ratesRow('Highest throughput', busiest(baseline), busiest(candidate))]),
      ...buildRows(comparison.builds),
      plainRow('Bottleneck', sides.map(bottleneck)),
      ...differences.map((each) => [
        words(capitalize(figureName(each.metric))),
        right(formatFigure(each.metric, each.baseline)),
        right(formatFigure(each.metric, each.candidate)),
        fairCell(each, comparison),
      ]),
    ],
    empty: '',
    note: noteOf(comparison),
  };
}

function noteOf(comparison: RunComparison): string {
  const { stages, machines, differences } = comparison;
  const shared =
    stages.length === 0
      ? 'The runs have no measured stage in common.'
      : differences.length === 0
        ? `No difference of latency, throughput and errors: the runs have fewer than ${fewestSeconds} measured seconds in stages of the same name.`
        : `Latency, throughput, errors: over the ${stages.length === 1 ? 'stage' : `${stages.length} stages`} with credits of both runs.`;
  return machines ? `${shared}${differences.length > 0 ? describeFewCores(comparison) : ''}` : shared;
}

/** Stages in which a type had fewer cores than vCPUs show less than the type: only burst and sustained are scaled to all vCPUs. */
function describeFewCores({ baseline, candidate }: RunComparison): string {
  return [baseline, candidate]
    .flatMap(({ run: { target } }) => {
      const { instanceType, vcpus = 1, vcpuShare = 1, vcpuShareAtBaseline } = target;
      if (vcpuShareAtBaseline === undefined || vcpuShare >= 1) return [];
      return [
        ` There ${vcpus} vCPUs of the ${instanceType} shared ${formatNumberOf(vcpus * vcpuShare, 'core')}: compare burst and sustained.`,
      ];
    })
    .join('');
}

function machineRows(before: MachineFacts, after: MachineFacts): Cell[][] {
  const both = [before, after];
  const dollars = (value = Number.NaN) => (Number.isNaN(value) ? noData : `$${value.toFixed(2)}`);
  const difference = (after.usdPerMonth ?? Number.NaN) - (before.usdPerMonth ?? Number.NaN);
  const throttles = (start: 'launch' | 'full') =>
    both.map(({ hoursToThrottle }) => (hoursToThrottle ? formatDuration(3600 * hoursToThrottle[start]) : 'no credits'));
  return [
    [
      words('Price a month'),
      ...both.map(({ usdPerMonth }) => right(dollars(usdPerMonth))),
      right(Number.isNaN(difference) ? noData : `${difference < 0 ? '−' : '+'}${dollars(Math.abs(difference))}`),
    ],
    plainRow(
      'vCPUs',
      both.map(({ vcpus }) => `${vcpus}`),
    ),
    plainRow(
      'Memory',
      both.map(({ memoryGiB }) => `${memoryGiB} GiB`),
    ),
    // On EC2 they stand in the cards and the chart of capacity; the ratio is the same.
    ...(['burst', 'sustained'] as const).map((state) =>
      ratesRow(
        `${capitalize(state)}, this machine`,
        before[`${state}PerS`],
        after[`${state}PerS`],
        after.ratios?.[state],
      ),
    ),
    plainRow('Time to throttle, after launch', throttles('launch')),
    plainRow('Time to throttle, full balance', throttles('full')),
  ];
}

/** Of the stages at the baseline performance; none when neither run has one. */
function baselineLatencyRows({ baseline, candidate }: RunComparison): Cell[][] {
  const [before, after] = [baseline, candidate].map(
    ({ judged }) => judged.stages.find(({ role }) => role === 'sustained')?.latencyUs?.p99,
  );
  if (before === undefined && after === undefined) return [];
  return [
    [words('p99 at baseline performance'), figure(before, formatLatency), figure(after, formatLatency), words('')],
  ];
}

/** `ratio`: that of blocks beside each other, with its interval; default: that of the rates. */
function ratesRow(name: string, before: Estimate | undefined, after: Estimate | undefined, ratio?: Estimate): Cell[] {
  const found = ratio ?? (before && after && before.value > 0 ? exactly(after.value / before.value) : undefined);
  const percent = (times: number) => formatSignedPercent(100 * (times - 1));
  const interval = found && found.low < found.high ? { detail: `${percent(found.low)} to ${percent(found.high)}` } : {};
  return [words(name), rateCell(before), rateCell(after), { ...figure(found?.value, percent), ...interval }];
}

function formatSignedPercent(value: number): string {
  return `${value < 0 ? '−' : '+'}${formatPercent(Math.abs(value))}`;
}

function busiest({ judged }: Side): Estimate | undefined {
  return judged.busiest && exactly(judged.busiest.throughputPerS);
}

function bottleneck({ judged }: Side): string {
  const limit = judged.capacity ?? judged.saturation;
  return limit ? limitName(limit.limitedBy) : noData;
}

/** The difference; neither better nor worse where a type had fewer cores than vCPUs. */
export function fairCell(each: Difference, comparison: RunComparison): Cell {
  const cell = changeCell(each);
  return describeFewCores(comparison) === '' ? cell : { ...cell, kind: 'number' };
}

/** The difference with its interval beneath it. */
function changeCell(each: Difference): Cell {
  const { metric, difference } = each;
  const signed = (value: number) => formatSigned(metric, value);
  if (difference.low === 0 && difference.high === 0) return right('none');
  return {
    text: signed(difference.value),
    kind: each.verdict !== 'differs' ? 'number' : isWorse(each) ? 'worse' : 'better',
    detail: `${signed(difference.low)} to ${signed(difference.high)}`,
  };
}
