// How far a run can be trusted: for each code its figures.
import type { Finding } from '../../model/finding.ts';

type Percent = number;

/** Reasons against the measurement, reasons for caution, how sources of host metrics agree, and what the monitors did. */
export type TrustFindings = {
  'credits-ran-out': { readonly stage: string; readonly noneFromBegin: boolean };
  'stolen-cpu-changed': {
    readonly stage: string;
    readonly stolenPercent: Percent;
    readonly otherStage: string;
    readonly otherPercent: Percent;
  };
  'no-capacity-found': object;
  'no-stage-completed': object;
  'target-died': { readonly stage: string };
  'run-cut-off': { readonly status: 'running' | 'aborted' | 'interrupted'; readonly reason?: Finding };
  'host-busy-at-rest': { readonly usedPercent: Percent };
  'other-processes': {
    readonly usedPercent: Percent;
    readonly busiest: string;
    readonly busiestPercent: Percent;
    /** Of a target that headroom did not start. */
    readonly mayBelong?: boolean;
  };
  'core-slowed': { readonly times: number };
  'seconds-missing': { readonly recordedS: number; readonly loadS: number };
  'no-host-metrics': object;
  'few-answers': { readonly answers: number };
  'generator-on-same-host': object;

  'sources-compared': {
    readonly metric: string;
    readonly source: string;
    readonly reference: string;
    readonly bias: number;
    readonly samples: number;
    readonly lagS?: number;
    readonly correlation?: number;
  };
  'monitor-silent': { readonly monitor: string; readonly reason?: Finding };
  'drill-proved-nothing': object;
  'monitor-worst-value': { readonly value: number; readonly unit?: string };
  'backtest-offline': object;
  'backtest-of-instance': { readonly instanceType: string };
  'window-longer-than-run': { readonly durationS: number; readonly monitors: readonly string[] };
};

/** A replayed access log: what was asked and sent, and when CPU credits ran out, in seconds of the replay. */
export type ReplayFindings = {
  'replay-summary': {
    readonly files: readonly string[];
    readonly from: string;
    readonly to: string;
    readonly speed: number;
    readonly asked: number;
    readonly kept: number;
    readonly outOfOrder: number;
    readonly sent: number;
    readonly completed: number;
    readonly differing: number;
  };
  'replay-throttle': {
    readonly speed: number;
    readonly predictedS?: number;
    readonly earliestS?: number;
    readonly latestS?: number;
    readonly measuredS?: number;
    readonly held?: boolean;
  };
};
