// The findings of sizing/. Their texts are in messages/sizing*.ts.
import type { CheckFindings, MissingDemandFindings } from './check-findings.ts';
import type { PredictionFindings } from './prediction-findings.ts';
import type { RecommendationFindings } from './recommendation-findings.ts';
import type { TrafficFindings } from './traffic-findings.ts';
import type { TypeFindings } from './type-findings.ts';

type SizingFindings = TrafficFindings &
  MissingDemandFindings &
  CheckFindings &
  TypeFindings &
  RecommendationFindings &
  PredictionFindings;

/** A finding of these codes with its figures. */
export type SizingFinding<C extends keyof SizingFindings = keyof SizingFindings> = {
  [K in C]: { readonly code: K } & SizingFindings[K];
}[C];
