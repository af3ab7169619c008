// The findings of measured/ and verdict/. Their texts are in messages/.
import type { Finding } from '../../model/finding.ts';
import type { MissingDemandFindings } from './check-findings.ts';
import type { HeadlineFindings } from './headline-findings.ts';
import type { LimitFindings } from './limit-findings.ts';
import type { QuestionFindings } from './question-findings.ts';
import type { ReplayFindings, TrustFindings } from './trust-findings.ts';

type VerdictFindings = LimitFindings &
  ReplayFindings &
  TrustFindings &
  HeadlineFindings &
  QuestionFindings &
  MissingDemandFindings;

/** A finding of `code`, checked against its figures. */
export function found<C extends keyof VerdictFindings>(code: C, figures: VerdictFindings[C]): Finding {
  return { code, ...figures };
}
