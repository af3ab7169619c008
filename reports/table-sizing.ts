// The sizing as tables of the page: the types beside each other, and what was predicted of them.
import { formatPercent, formatRate } from './format.ts';
import type { Judged } from './judged.ts';
import { figure, number, type Table, text, words } from './table.ts';

const usd = (value: number) => `$${value.toFixed(2)}`;

/** Verdict, capacity in both states and cost of each type. */
export function sizingTable({ sizing }: Judged): Table {
  const measured = (sizing?.types ?? []).some(
    (each) => each.measuredBurstPerS !== undefined || each.measuredSustainedPerS !== undefined,
  );
  const found = (perS: number | undefined) => (measured ? [figure(perS, formatRate)] : []);
  return {
    caption: 'Instance types',
    columns: [
      text('Type'),
      text('Verdict'),
      text('What binds'),
      number(measured ? 'With credits, predicted' : 'With credits'),
      ...(measured ? [number('with, measured')] : []),
      number(measured ? 'Without, predicted' : 'Without credits'),
      ...(measured ? [number('without, measured')] : []),
      text('Throttles after'),
      number('$ a month'),
    ],
    rows: (sizing?.types ?? []).map((each) => [
      words(each.instanceType),
      words(each.verdictText),
      words(each.limitedBy.replace('-', ' ')),
      figure(each.burstPerS?.value, formatRate),
      ...found(each.measuredBurstPerS),
      figure(each.sustainedPerS?.value, formatRate),
      ...found(each.measuredSustainedPerS),
      words(each.throttlesAfter ?? ''),
      figure(each.usdPerMonth, usd),
    ]),
    empty: 'No type was judged.',
  };
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
