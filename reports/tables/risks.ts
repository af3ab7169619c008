// The risks of a move as a table.
import type { RunComparison } from '../comparison/compare-runs.ts';
import { describeRisk } from '../messages/risks.ts';
import { textOf } from '../messages/text-of.ts';
import { type Table, words } from './table.ts';

/** Risks that stand open on a page; the others, which are smaller, are folded. */
const mostOpen = 4;

/** What triggers each, what follows, what shows it, and what to do: the largest ones, or the `others`. */
export function riskTable({ risks }: Pick<RunComparison, 'risks'>, which: 'largest' | 'others'): Table {
  const shown = which === 'largest' ? risks.slice(0, mostOpen) : risks.slice(mostOpen);
  return {
    caption: which === 'largest' ? 'Risks' : 'Further risks',
    columns: ['Risk', 'Trigger', 'Consequence', 'Evidence', 'What to do'].map((name) => ({
      name,
      kind: 'text' as const,
    })),
    rows: shown.map((risk) => describeRisk(risk, textOf).map(words)),
    empty: 'No risk was found.',
  };
}
