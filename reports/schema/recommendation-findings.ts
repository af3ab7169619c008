// The recommendation of an instance type: for each code its figures.
import type { Invocation } from '../../model/command-line.ts';
import type { Finding } from '../../model/finding.ts';

type NoFigures = Record<never, never>;

/** What decides how a run is repeated: its command line, how headroom was started, and what the run was of. */
export type Repetition = {
  readonly command: string;
  readonly invocation: Invocation;
  readonly target: 'shortener' | 'app' | 'remote';
  /** Its --with. */
  readonly with?: readonly string[];
};
export type Experiment = Repetition & { readonly instanceType: string };

/** What to do, and the cheapest experiment that would decide what is inconclusive. */
export type RecommendationFindings = {
  readonly 'recommend-type': {
    readonly instanceType: string;
    readonly usdPerMonth?: number;
    readonly savesUsdPerMonth?: number;
    readonly comparedWith?: string;
    /** Without traffic: what it fits. */
    readonly load?: Finding;
    /** A cheaper type whose verdict is inconclusive. */
    readonly undecided?: { readonly instanceType: string; readonly usdPerMonth?: number };
  };
  readonly 'recommend-undecided': { readonly undecided: string; readonly because: Finding };
  readonly 'recommend-larger': NoFigures;
  /** `local`: the target is on the machine that headroom runs on. */
  readonly 'next-collect-host': Repetition & { readonly local: boolean };
  readonly 'next-soak': Experiment & { readonly growth: boolean };
  readonly 'next-rate': Experiment & {
    readonly of: 'burst' | 'sustained' | 'latency';
    readonly ratePerS: number;
    readonly durationS: number;
  };
  readonly 'next-idle-host': NoFigures;
  readonly 'next-whole-day': NoFigures;
  readonly 'next-complete': NoFigures;
  readonly 'next-saturate': Repetition;
  readonly 'next-workload': {
    readonly invocation: Invocation;
    readonly run: string;
    readonly types: readonly string[];
  };
};
