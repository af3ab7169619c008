// From which second two runs diverge, in a sentence.
import { formatCount, formatLatency, formatRate } from '../format/format.ts';
import type { Paired } from '../series/divergence.ts';

/** For the page, Markdown and the terminal. */
export function describeDivergence({ seconds, divergesAt, figure }: Paired): string {
  const second = divergesAt === undefined ? undefined : seconds[divergesAt];
  const name = figure.replace(/^./, (letter) => letter.toUpperCase());
  if (!second) return `${name} does not diverge: no five seconds in a row differ by more than the noise.`;
  const format = figure === 'throughput' ? formatRate : formatLatency;
  const when = divergesAt === 0 ? 'the first second' : `second ${formatCount(second.second)} of "${second.stage}"`;
  return `${name} differs from ${when} on: ${format(second.baseline)} against ${format(second.candidate)}.`;
}
