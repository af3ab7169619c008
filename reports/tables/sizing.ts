// The sizing as tables of the page: the types side by side, and their predictions.
import { formatPercent, formatRate } from '../format/format.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import { type Cell, figure, list, number, type Table, text, words } from './table.ts';

const usd = (value: number) => `$${value.toFixed(2)}`;

/** Verdict, burst and sustained rate and cost of each type; a rate that was not measured is marked as predicted. */
export function sizingTable({ sizing }: Judged): Table {
  const types = sizing?.types ?? [];
  const throttles = types.some((each) => each.timeToThrottle !== undefined);
  return {
    caption: 'Instance types',
    columns: [
      text('Type'),
      text('Verdict'),
      text('Bottleneck'),
      number('Burst'),
      number('Sustained'),
      ...(throttles ? [text('Time to throttle')] : []),
      number('$ a month'),
    ],
    rows: types.map((each) => [
      words(each.instanceType),
      list([textOf(each.summary)]),
      words(each.limitedBy.replace('-', ' ')),
      rate(each.measuredBurstPerS, each.burstPerS?.value),
      rate(each.measuredSustainedPerS, each.sustainedPerS?.value),
      ...(throttles ? [list([each.timeToThrottle ? textOf(each.timeToThrottle) : ''])] : []),
      figure(each.usdPerMonth, usd),
    ]),
    empty: 'No instance type was sized.',
  };
}

function rate(measured: number | undefined, predicted: number | undefined): Cell {
  const cell = figure(measured ?? predicted, formatRate);
  if (predicted === undefined) return cell;
  return { ...cell, detail: measured === undefined ? 'predicted' : `predicted ${formatRate(predicted)}` };
}

/** Predicted, measured, error. */
export function predictionTable({ sizing }: Judged): Table {
  return {
    caption: 'Predicted and measured',
    columns: [text('Type'), text('State'), number('Predicted'), number('Measured'), number('Error')],
    rows: (sizing?.predictions ?? []).map((each) => [
      words(each.instanceType),
      words(each.state),
      figure(each.predictedPerS, formatRate),
      figure(each.measuredPerS, formatRate),
      figure(each.errorPercent, (value) => `${value > 0 ? '+' : ''}${formatPercent(value)}`),
    ]),
    empty: 'No prediction was graded.',
  };
}
