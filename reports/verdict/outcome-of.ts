// The rule of colour for a run: green needs a question that was asked.
import type { Outcome } from '../format/outcome.ts';
import type { Judged } from '../schema/judged.ts';

/**
 * The verdict of a run as it is coloured. Thresholds that hold say nothing of a traffic that was not given: a run that sizes types is amber
 * without one, unless its load came by a clock, which is a traffic itself.
 */
export function outcomeOf({ verdict, validity, sizing, stages }: Judged): Outcome {
  if (verdict !== 'pass') return verdict;
  if (validity.verdict !== 'valid') return 'depends';
  const isByClock = stages.some(({ role, arrivalRatePerS }) => role === 'measured' && arrivalRatePerS !== undefined);
  if (sizing?.traffic !== undefined)
    return sizing.types.some(({ verdict: each }) => each === 'fits') ? 'pass' : 'depends';
  return sizing === undefined || isByClock ? 'pass' : 'depends';
}
