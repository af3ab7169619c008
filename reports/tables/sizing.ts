// The sizing as tables of the page: the types side by side, and their predictions.
import { formatNumberOf, formatPercent, formatRate, formatUsd } from '../format/format.ts';
import { limitName } from '../messages/limits.ts';
import { priceNote } from '../messages/price-basis.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import { type ShownRate, shownRate } from '../sizing/rates/shown-rate.ts';
import { type Cell, type Column, list, number, rateCell, type Table, tableOf, text } from './table.ts';

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
      // The rate has a column of its own.
      text('Verdict', ({ summary }) =>
        list([summary.code === 'summary-fits-up-to' ? 'depends on traffic' : textOf(summary)]),
      ),
      text('Bottleneck', ({ limitedBy }) => limitName(limitedBy)),
      // Those of this machine are in the cards and the answers.
      ...(types.some(({ onEc2 }) => onEc2)
        ? [rateOnEc2('Burst on EC2', 'burst'), rateOnEc2('Sustained on EC2', 'sustained')]
        : [rate('Burst', 'burst'), rate('Sustained', 'sustained')]),
      ...(types.some((each) => each.timeToThrottle !== undefined) ? [throttles] : []),
      number('$ a month', (each) => each.usdPerMonth, formatUsd),
    ],
    { caption: 'Instance types', empty: 'No instance type was sized.', notes: [priceNote] },
  );
}

function rate(name: string, state: 'burst' | 'sustained'): Column<SizedType> {
  return { name, kind: 'number', cell: (type) => cellOf(shownRate(type, state)) };
}

function rateOnEc2(name: string, state: 'burst' | 'sustained'): Column<SizedType> {
  return { name, kind: 'number', cell: ({ onEc2 }) => rateCell(onEc2?.[`${state}PerS`]) };
}

function cellOf({ measured, predicted }: ShownRate): Cell {
  const cell = rateCell(measured ?? predicted);
  if (!predicted) return cell;
  const how = measured ? `predicted ${formatRate(predicted.value)}` : 'predicted';
  return { ...cell, detail: [cell.detail, how].filter((part) => part !== undefined).join('; ') };
}

/** Predicted, measured, error. */
export function predictionTable({ sizing }: Pick<Judged, 'sizing'>): Table {
  return tableOf(
    sizing?.predictions ?? [],
    [
      text('Type', ({ instanceType }) => instanceType),
      text('State', ({ state }) => state),
      {
        name: 'Predicted',
        kind: 'number',
        cell: ({ predictedPerS: value, low = value, high = value }) => rateCell({ value, low, high }),
      },
      number('Measured', (each) => each.measuredPerS, formatRate),
      number(
        'Error',
        (each) => each.errorPercent,
        (value) => `${value > 0 ? '+' : ''}${formatPercent(value)}`,
      ),
    ],
    { caption: 'Predicted and measured', empty: 'No prediction was graded.', notes: describeLedger(sizing?.ledger) },
  );
}

function describeLedger(ledger: SizingRecord['ledger']): readonly string[] {
  if (!ledger) return [];
  return [
    `Over all runs in this folder, the intervals held ${ledger.held} of ${formatNumberOf(ledger.graded, 'prediction')}.`,
  ];
}
