// Runs on several instance types, made one after the other, end in one page: does the last one do?
import type { Margin } from '../../reports/comparison/margin.ts';
import type { GradedSizing } from '../../reports/sizing/grade-predictions.ts';
import type { StressResult } from './stress.ts';

/**
 * The last type against the first, with the sizing that knows the traffic; undefined for a single run. A run that was cut off is compared
 * too: the page says what it lacks.
 */
export async function comparePair(
  results: readonly StressResult[],
  margins: readonly Margin[],
  known: GradedSizing | undefined,
) {
  const [first, last] = [results[0], results.at(-1)];
  if (!first || !last || first === last) return undefined;
  const { writeComparison } = await import('../../reports/write.ts');
  return writeComparison(first.dir, last.dir, { takeUnlike: true, margins, known });
}
