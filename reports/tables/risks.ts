// The risks of a move as a table.
import type { RunComparison } from '../comparison/compare-runs.ts';
import { describeRisk } from '../messages/risks.ts';
import { textOf } from '../messages/text-of.ts';
import { type Table, words } from './table.ts';

/** What triggers each, what follows, what shows it, and what to do. */
export function riskTable({ risks }: Pick<RunComparison, 'risks'>): Table {
  return {
    caption: 'Risks',
    columns: ['Risk', 'Trigger', 'Consequence', 'Evidence', 'What to do'].map((name) => ({
      name,
      kind: 'text' as const,
    })),
    rows: risks.map((risk) => describeRisk(risk, textOf).map(words)),
    empty: 'No risk was found.',
  };
}
