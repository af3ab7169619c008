// How often the intervals of predictions held, over all runs that are kept.
import type { SizingRecord } from '../schema/sizing-record.ts';

/** A prediction with its interval and its grade. */
export type LedgerEntry = Required<
  Pick<
    SizingRecord['predictions'][number],
    | 'instanceType'
    | 'state'
    | 'from'
    | 'measuredIn'
    | 'predictedAt'
    | 'predictedPerS'
    | 'low'
    | 'high'
    | 'measuredPerS'
    | 'held'
  >
>;

export type Ledger = {
  readonly graded: number;
  readonly held: number;
  readonly byState: Readonly<Record<LedgerEntry['state'], { readonly graded: number; readonly held: number }>>;
  /** In the order in which they were made. */
  readonly predictions: readonly LedgerEntry[];
};

/**
 * Each prediction once, though the sizing of several runs is kept beside each of them. Predictions of versions that recorded no interval are
 * left out.
 */
export function makeLedger(records: readonly Pick<SizingRecord, 'predictions'>[]): Ledger {
  const entries = new Map<string, LedgerEntry>();
  for (const { predictions } of records)
    for (const { suspects: _, errorPercent: __, ...each } of predictions) {
      const { from, measuredIn, instanceType, state } = each;
      if (isGraded(each)) entries.set(JSON.stringify([from, measuredIn, instanceType, state]), each);
    }
  const predictions = [...entries.values()].sort((a, b) => a.predictedAt.localeCompare(b.predictedAt));
  const count = (of: readonly LedgerEntry[]) => ({ graded: of.length, held: of.filter(({ held }) => held).length });
  const inState = (state: LedgerEntry['state']) => count(predictions.filter((each) => each.state === state));
  return {
    ...count(predictions),
    byState: { burst: inState('burst'), sustained: inState('sustained') },
    predictions,
  };
}

function isGraded(each: Partial<LedgerEntry>): each is LedgerEntry {
  const { from, measuredIn, predictedAt, low, high, held } = each;
  return [from, measuredIn, predictedAt, low, high, held].every((field) => field !== undefined);
}
