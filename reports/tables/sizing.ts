// The sizing as tables of the page: the types side by side, and their predictions.
import { formatPercent, formatRate } from '../format/format.ts';
import { limitName } from '../messages/limits.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import { type Column, figure, list, number, type Table, tableOf, text } from './table.ts';

type SizedType = SizingRecord['types'][number];

/** Verdict, burst and sustained rate and cost of each type; a rate that was not measured is marked as predicted. */
export function sizingTable({ sizing }: Pick<Judged, 'sizing'>): Table {
  const types = sizing?.types ?? [];
  const throttles = text('Time to throttle', ({ timeToThrottle }: SizedType) =>
    list([timeToThrottle ? textOf(timeToThrottle) : '']),
  );
  return tableOf<SizedType>(
    types,
    [
      text('Type', ({ instanceType }) => instanceType),
      text('Verdict', ({ summary }) => list([textOf(summary)])),
      text('Bottleneck', ({ limitedBy }) => limitName(limitedBy)),
      rate('Burst', (each) => [each.measuredBurstPerS, each.burstPerS?.value]),
      rate('Sustained', (each) => [each.measuredSustainedPerS, each.sustainedPerS?.value]),
      ...(types.some((each) => each.timeToThrottle !== undefined) ? [throttles] : []),
      number(
        '$ a month',
        (each) => each.usdPerMonth,
        (usd) => `$${usd.toFixed(2)}`,
      ),
    ],
    { caption: 'Instance types', empty: 'No instance type was sized.' },
  );
}

function rate(
  name: string,
  of: (type: SizedType) => readonly [measured: number | undefined, predicted: number | undefined],
): Column<SizedType> {
  const cell = ([measured, predicted]: ReturnType<typeof of>) => ({
    ...figure(measured ?? predicted, formatRate),
    ...(predicted !== undefined && {
      detail: measured === undefined ? 'predicted' : `predicted ${formatRate(predicted)}`,
    }),
  });
  return { name, kind: 'number', cell: (type) => cell(of(type)) };
}

/** Predicted, measured, error. */
export function predictionTable({ sizing }: Pick<Judged, 'sizing'>): Table {
  return tableOf(
    sizing?.predictions ?? [],
    [
      text('Type', ({ instanceType }) => instanceType),
      text('State', ({ state }) => state),
      number('Predicted', (each) => each.predictedPerS, formatRate),
      number('Measured', (each) => each.measuredPerS, formatRate),
      number(
        'Error',
        (each) => each.errorPercent,
        (value) => `${value > 0 ? '+' : ''}${formatPercent(value)}`,
      ),
    ],
    { caption: 'Predicted and measured', empty: 'No prediction was graded.' },
  );
}
