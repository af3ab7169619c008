// The ledger of predictions on a terminal.
import { formatNumberOf, formatRate, formatRateInterval } from '../format/format.ts';
import { plainLine } from '../format/plain-text.ts';
import type { Ledger, LedgerEntry } from '../sizing/ledger.ts';

/** How often the intervals held, by state, and each prediction whose interval did not. */
export function describeLedger({ graded, held, byState, predictions }: Ledger): string {
  if (graded === 0) return 'No prediction with an interval was graded. Run: npm run stress';
  const states = (['burst', 'sustained'] as const).map(
    (state) => `${state} ${byState[state].held} of ${byState[state].graded}`,
  );
  const missed = predictions.filter((each) => !each.held).map((each) => plainLine(describeMiss(each)));
  return [
    `The intervals of ${formatNumberOf(graded, 'prediction')} held ${held} times (${states.join(', ')}).`,
    ...missed,
  ].join('\n');
}

function describeMiss({
  measuredIn,
  instanceType,
  state,
  predictedPerS,
  low,
  high,
  measuredPerS,
}: LedgerEntry): string {
  const predicted = formatRateInterval({ value: predictedPerS, low, high });
  return `${measuredIn}, ${instanceType} ${state}: ${predicted} predicted, ${formatRate(measuredPerS)} measured`;
}
