// The two shapes of an answer, and what answers are drawn from.
import type { Finding } from '../../model/finding.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Answer, Judged } from '../schema/judged.ts';

/** What the answers are drawn from. */
export type Answerable = { readonly run: RunRecord; readonly observed: Observed | undefined } & Pick<
  Judged,
  'measured' | 'busiest' | 'saturation' | 'capacity' | 'capacityAtSlo' | 'programs' | 'commands' | 'sizing'
>;

/** An answer in sentences. */
export function answered(sentences: readonly (Finding | undefined)[]): Answer {
  return { code: 'answered', sentences: sentences.filter((each) => each !== undefined) };
}

/** Why there is no answer, and what would give one. */
export function notMeasured(...sentences: readonly Finding[]): Answer {
  return { code: 'not-measured', sentences: [...sentences] };
}
