// The findings of recorded/: for each code its figures. Their texts are in messages/recorded.ts.
import type { Finding } from '../../model/finding.ts';
import type { TypeFindings } from './type-findings.ts';

type NoFigures = Record<never, never>;

/** Why a type fits a record, does not fit it, or is inconclusive. */
export type RecordCheckFindings = {
  readonly 'record-credits-last': {
    /** Mean demand in percent of the baseline performance. */
    readonly percentOfBaseline: number;
    readonly lowestCredits: number;
    readonly lowestAt: string;
    /** It is the balance at the start. */
    readonly fromStart: boolean;
    /** They run out at the other end of the interval of the vCPU's speed. */
    readonly uncertain: boolean;
  };
  readonly 'record-credits-run-out': {
    readonly percentOfBaseline: number;
    readonly firstThrottledAt: string;
    readonly throttledHours: number;
    readonly throttledHoursIfWorkWaits: number;
    readonly unservedVcpuHours: number;
    readonly uncertain: boolean;
  };
  readonly 'record-unlimited': { readonly percentOfBaseline: number; readonly surplusUsdPerMonth: number };
  readonly 'record-peaks': {
    readonly vcpus: number;
    readonly aboveHours: number;
    readonly abovePercent: number;
    /** Present when the maxima within the periods are known: with them, at least and at most. */
    readonly percentByMaxima?: readonly [atLeast: number, atMost: number];
    readonly allowedPercent: number;
    /** These vCPUs are what the type promises; more is usual. */
    readonly promised?: true;
  };
  readonly 'record-memory': { readonly neededBytes: number; readonly guestBytes: number };
  readonly 'record-network': {
    readonly instanceType: string;
    /** In the busiest period, of the larger direction. */
    readonly mostMbps: number;
    readonly baselineMbps: number;
    readonly burstMbps: number;
    /** The longest time above the baseline. */
    readonly longestS: number;
  };
  readonly 'record-at-least': { readonly cause: 'steal' | 'no-credits'; readonly percentOfTime: number };
  readonly 'record-maxima-only': NoFigures;
  /** Less than a day. */
  readonly 'record-too-short': { readonly hours: number };
  /** Averages over more than an hour, without maxima. */
  readonly 'record-too-coarse': { readonly intervalS: number };
  readonly 'record-speed-unknown': { readonly of: string; readonly instanceType: string };
};

/** What a reader must know of a record and of what was assumed. */
type RecordNoteFindings = {
  readonly 'memory-not-recorded': { readonly types: readonly string[] };
  readonly 'network-not-summed': NoFigures;
  readonly 'peaks-not-recorded': {
    readonly intervalS: number;
    /** Of the time; absent where no maxima were recorded at all. */
    readonly percentWithout?: number;
  };
  readonly 'gaps-bridged': { readonly gaps: number; readonly hours: number };
  readonly 'gaps-are-stops': { readonly gaps: number; readonly hours: number; readonly examples: readonly string[] };
  readonly 'record-short': { readonly days: number };
  readonly 'record-in-future': { readonly to: string };
  readonly 'vcpu-speed': TypeFindings['vcpu-speed'];
  readonly 'record-file': { readonly file: string; readonly format: string; readonly metrics: readonly string[] };
};

/** How near the credit bank came to AWS's own figures. */
type RecordGradeFindings = {
  readonly 'graded-against-aws': {
    readonly of: string;
    readonly metric: 'balance' | 'usage';
    readonly maxDifferenceCredits: number;
    readonly meanDifferenceCredits: number;
    readonly points: number;
    readonly days: number;
  };
  readonly 'graded-until': { readonly at: string; readonly cause: 'restart' | 'other-type' | 'unlimited' | 'unknown' };
};

type RecordRecommendationFindings = {
  readonly 'record-recommend': {
    readonly instanceType: string;
    readonly usdPerMonth?: number;
    readonly savesUsdPerMonth?: number;
    readonly of?: string;
  };
  readonly 'record-undecided': { readonly instanceType: string; readonly because: Finding };
  readonly 'record-none': NoFigures;
};

export type RecordFindings = RecordCheckFindings &
  RecordNoteFindings &
  RecordGradeFindings &
  RecordRecommendationFindings;

/** A finding with its figures. */
export type RecordFinding<C extends keyof RecordFindings = keyof RecordFindings> = C extends string
  ? { readonly code: C } & RecordFindings[C]
  : never;
