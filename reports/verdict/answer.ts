// The two shapes of an answer, and what answers are drawn from.
import type { Finding } from '../../model/finding.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { loadStages } from '../measured/program-use.ts';
import type { Answer, Judged } from '../schema/judged.ts';
import { found } from '../schema/verdict-findings.ts';

/** What the answers are drawn from. */
export type Answerable = { readonly run: RunRecord; readonly observed: Observed | undefined } & Pick<
  Judged,
  'measured' | 'busiest' | 'saturation' | 'capacity' | 'programs' | 'commands' | 'sizing'
>;

/** An answer in sentences. */
export function answered(sentences: readonly (Finding | undefined)[]): Answer {
  return { code: 'answered', sentences: sentences.filter((each) => each !== undefined) };
}

/** Why there is no answer, and what would give one. */
export function notMeasured(...sentences: readonly Finding[]): Answer {
  return { code: 'not-measured', sentences: [...sentences] };
}

/** Why a run has no measured request. */
export function findNoAnswer(run: RunRecord): Finding {
  return run.status === 'complete' || loadStages(run).length > 0
    ? found('no-request-answered', {})
    : found('ended-before-measured-stage', {});
}
