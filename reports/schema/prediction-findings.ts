// Predictions and how right they were: for each code its figures.
import type { Finding } from '../../model/finding.ts';
import type { Estimate } from '../series/regression.ts';

/** What was predicted, how right it was, and what may explain the error. */
export type PredictionFindings = {
  readonly predicted: { readonly instanceType: string; readonly burstPerS: Estimate; readonly sustainedPerS: Estimate };
  readonly prediction: {
    readonly instanceType: string;
    readonly state: 'burst' | 'sustained';
    /** The run that it was predicted from, and its type; its id when it has none. */
    readonly from: string;
    readonly fromType: string;
    /** The run that measured it. */
    readonly measuredIn: string;
    /** When the predicting run ended. */
    readonly predictedAt: string;
    readonly predictedPerS: number;
    /** The interval of the prediction. */
    readonly low: number;
    readonly high: number;
    readonly measuredPerS: number;
    /** Whether the interval holds what was measured. */
    readonly held: boolean;
    /** Predicted against measured: above 0 is too optimistic. */
    readonly errorPercent: number;
    /** Possible causes of the error; empty where the interval held. */
    readonly suspects: readonly Finding[];
  };
  readonly 'cpu-unused': { readonly percent: number };
  readonly 'request-dearer': { readonly percent: number };
  readonly 'request-cheaper': { readonly percent: number };
  readonly 'memory-almost-full': { readonly rssBytes: number };
};
