// The table on which the decision of a comparison rests: both runs side by side.

import type { RunComparison, Side } from '../comparison/compare-runs.ts';
import { isWorse } from '../comparison/decision.ts';
import type { Difference } from '../comparison/difference.ts';
import type { MachineFacts } from '../comparison/instance-facts.ts';
import { capitalize, formatHours, formatLatency, formatPercent, formatUsd, noData } from '../format/format.ts';
import { describeFewCores } from '../messages/few-cores.ts';
import { figureName, formatFigure, formatSigned, isUnknown } from '../messages/metric-text.ts';
import { fewestSeconds } from '../series/bootstrap.ts';
import type { Estimate } from '../series/regression.ts';
import { exactly } from '../sizing/demand/estimate.ts';
import { buildRows } from './comparison-builds.ts';
import { bottleneckName } from './run-cards.ts';
import { type Cell, figure, rateCell, type Table, words } from './table.ts';

/** A figure as text. */
export const right = (content: string): Cell => ({ text: content, kind: 'number' });

/** A figure of both runs whose difference says nothing. */
function plainRow(name: string, values: readonly string[]): Cell[] {
  return [words(name), ...values.map(right), words('')];
}

/**
 * The rows on which a decision rests, and those that are folded: figures without a difference, and stages in which a type had fewer cores
 * than vCPUs.
 */
export function foldTable({ baseline, candidate, differences }: RunComparison, table: Table): readonly [Table, Table] {
  const isFair = describeFewCores(baseline.run, candidate.run).length === 0;
  const ofStages = isFair ? [] : table.rows.slice(table.rows.length - differences.length);
  const isShown = (row: readonly Cell[]) => row.at(-1)?.text !== '' && !ofStages.includes(row);
  const { note, ...plain } = table;
  const [shown, folded] = isFair ? [table, plain] : [plain, table];
  const rows = table.rows.filter((row) => !isShown(row));
  return [
    { ...shown, rows: table.rows.filter(isShown) },
    { ...folded, rows, caption: 'Both types' },
  ];
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
      plainRow(
        'Bottleneck',
        sides.map(({ judged }) => bottleneckName(judged)),
      ),
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

function noteOf({ baseline, candidate, stages, machines, differences }: RunComparison): string {
  if (stages.length === 0) return 'The runs have no measured stage in common.';
  if (differences.length === 0)
    return `No difference of latency, throughput and errors: the runs have fewer than ${fewestSeconds} measured seconds in stages of the same name.`;
  const over = stages.length === 1 ? 'stage' : `${stages.length} stages`;
  return [
    `Latency, throughput, errors: over the ${over} with credits of both runs.`,
    ...(machines ? describeFewCores(baseline.run, candidate.run) : []),
  ].join(' ');
}

function machineRows(before: MachineFacts, after: MachineFacts): Cell[][] {
  const both = [before, after];
  const dollars = (value = Number.NaN) => (Number.isNaN(value) ? noData : formatUsd(value));
  const difference = (after.usdPerMonth ?? Number.NaN) - (before.usdPerMonth ?? Number.NaN);
  const throttles = (start: 'launch' | 'full') =>
    both.map(({ hoursToThrottle }) => (hoursToThrottle ? formatHours(hoursToThrottle[start]) : 'no credits'));
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
  const percent = (times: number) => formatChange(100 * (times - 1));
  const interval = found && found.low < found.high ? { detail: `${percent(found.low)} to ${percent(found.high)}` } : {};
  return [words(name), rateCell(before), rateCell(after), { ...figure(found?.value, percent), ...interval }];
}

/** With the zeros that make it three digits: the ends of an interval stand beside each other. */
function formatChange(value: number): string {
  const size = Math.abs(value);
  return `${value < 0 ? '−' : '+'}${size < 0.01 || size >= 99.95 ? formatPercent(size) : `${size.toFixed(size < 9.995 ? 2 : 1)} %`}`;
}

function busiest({ judged }: Side): Estimate | undefined {
  return judged.busiest && exactly(judged.busiest.throughputPerS);
}

/** The difference; neither better nor worse where a type had fewer cores than vCPUs. */
export function fairCell(each: Difference, { baseline, candidate }: RunComparison): Cell {
  const cell = changeCell(each);
  return describeFewCores(baseline.run, candidate.run).length === 0 ? cell : { ...cell, kind: 'number' };
}

/** The difference with its interval beneath it. */
function changeCell(each: Difference): Cell {
  const { metric, difference } = each;
  const signed = (value: number) => formatSigned(metric, value);
  if (difference.low === 0 && difference.high === 0) return right('none');
  if (isUnknown(each)) return { text: 'not known', kind: 'number', detail: 'too few seconds' };
  return {
    text: signed(difference.value),
    kind: each.verdict !== 'differs' ? 'number' : isWorse(each) ? 'worse' : 'better',
    detail: `${signed(difference.low)} to ${signed(difference.high)}`,
  };
}
