// The sizing as tables of the page: the types beside each other, and what was predicted of them.
import { formatPercent, formatRate } from '../format/format.ts';
import type { Judged } from '../schema/judged.ts';
import { type Cell, figure, list, number, type Table, text, words } from './table.ts';

const usd = (value: number) => `$${value.toFixed(2)}`;

/** Verdict, capacity in both states and cost of each type; a rate that was not measured is predicted, and says so. */
export function sizingTable({ sizing }: Judged): Table {
  const types = sizing?.types ?? [];
  const throttles = types.some((each) => each.throttlesAfter !== undefined);
  return {
    caption: 'Instance types',
    columns: [
      text('Type'),
      text('Verdict'),
      text('What binds'),
      number('With credits'),
      number('Without credits'),
      ...(throttles ? [text('Throttles after')] : []),
      number('$ a month'),
    ],
    rows: types.map((each) => [
      words(each.instanceType),
      list([each.verdictText]),
      words(each.limitedBy.replace('-', ' ')),
      rate(each.measuredBurstPerS, each.burstPerS?.value),
      rate(each.measuredSustainedPerS, each.sustainedPerS?.value),
      ...(throttles ? [list([each.throttlesAfter ?? ''])] : []),
      figure(each.usdPerMonth, usd),
    ]),
    empty: 'No type was judged.',
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
      words(each.state === 'burst' ? 'with credits' : 'at the credit baseline'),
      figure(each.predictedPerS, formatRate),
      figure(each.measuredPerS, formatRate),
      figure(each.errorPercent, (value) => `${value > 0 ? '+' : ''}${formatPercent(value)}`),
    ]),
    empty: 'Nothing was predicted.',
  };
}
