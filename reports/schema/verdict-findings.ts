// The findings of measured/ and verdict/: for each code its figures. Their texts stand in messages/.
import type { Invocation } from '../../model/command-line.ts';
import type { Finding } from '../../model/finding.ts';
import type { Unit } from '../../model/metric.ts';
import type { Validity } from '../../model/run-record.ts';
import type { Estimate } from '../series/regression.ts';
import type { MissingDemandFindings, Repetition } from './sizing-findings.ts';

type Percent = number;
type Latency = { readonly p50Us: number; readonly p99Us: number };
/** A figure before and during a command; without `from` there was no stage before it. */
type Change = { readonly from?: number; readonly to: number };

/** What the bottleneck is read from, and why there is no saturation point. */
export type LimitFindings = {
  'event-loop-busy': { readonly busyPercent: Percent; readonly hostIdlePercent?: Percent };
  'process-uses-core': { readonly usedPercent: Percent; readonly hostIdlePercent?: Percent };
  'generator-busy': { readonly busyPercent: Percent };
  'host-cpu-saturated': { readonly idlePercent: Percent; readonly appPercent?: Percent };
  'instance-cpu-saturated': { readonly instanceType?: string; readonly usedPercent: Percent };
  'credit-baseline-reached': {
    readonly instanceType: string;
    readonly usedPercent: Percent;
    readonly baselinePercent: Percent;
  };
  'host-memory-scarce': { readonly usablePercent: Percent };
  'instance-memory-full': { readonly usedBytes: number; readonly ofBytes: number };
  'errors-rise': { readonly errorRatePercent: Percent };
  /** `missing` are names of the metric catalogue. */
  'limit-not-observed': { readonly missing: readonly string[] };
  'nothing-saturated': { readonly workers: number };
  'slo-missed-first': object;
  'no-probe-failed': object;

  'no-ladder': object;
  'died-before-saturation': object;
  'ended-before-saturation': object;
  'throughput-still-rose': object;
};

/** Reasons against the measurement, reasons for caution, how sources of host metrics agree, and what the monitors did. */
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
  'window-longer-than-run': { readonly durationS: number; readonly monitors: readonly string[] };
};

/** Parts of the headline. */
export type HeadlineFindings = {
  headline: { readonly parts: readonly Finding[] };
  'thresholds-failed': {
    readonly failed: readonly { readonly expression: string; readonly value: number; readonly unit: Unit }[];
    readonly of: number;
  };
  'thresholds-hold': { readonly count: number };
  'thresholds-without-data': { readonly expressions: readonly string[] };
  'no-threshold-set': object;
  /** The first of `count` reasons. */
  'not-valid': { readonly verdict: Validity['verdict']; readonly first: Finding; readonly count: number };
  'capacity-found': {
    readonly arrivalRatePerS: number;
    readonly low: number;
    readonly high: number;
    readonly slo: readonly string[];
  };
  'saturates-at': {
    /** Of whole vCPUs, with the interval of the clean blocks where it was measured in blocks. */
    readonly throughputPerS: number;
    readonly low?: number;
    readonly high?: number;
    readonly connections: number;
    readonly highest?: { readonly throughputPerS: number; readonly connections: number };
  };
  readonly 'speed-on-ec2': {
    readonly instanceType: string;
    readonly sustainedPerS: Estimate;
    readonly burstPerS: Estimate;
  };
  'highest-throughput': { readonly throughputPerS: number; readonly connections?: number };
  bottleneck: { readonly limitedBy: string; readonly because?: Finding };
  'command-took-cpu': { readonly cpuPercent: Change; readonly p99Us?: Change };
};

/** The three questions and the sentences of their answers. */
export type QuestionFindings = {
  'question-performance': object;
  'question-smaller-instance': object;
  'question-another-build': object;
  answered: { readonly sentences: readonly Finding[] };
  'not-measured': { readonly sentences: readonly Finding[] };

  'answered-requests': { readonly ok: number; readonly sent: number; readonly errorRatePercent?: Percent };
  'requests-dropped': { readonly dropped: number; readonly intended: number };
  'requests-in-flight': { readonly open: number };
  'sustained-stage-left-out': object;
  'latency-at': Partial<Latency> & {
    readonly throughputPerS: number;
    readonly connections?: number;
    readonly saturated: boolean;
  };
  'no-saturation-point': { readonly because: Finding };
  'capacity-held': { readonly held: number; readonly probes: number };
  'latency-at-capacity': Latency & { readonly arrivalRatePerS: number };
  'aborted-only': { readonly stages: readonly string[]; readonly ok: number };

  'host-not-observed-under-load': object;
  'host-at-rest': { readonly usedPercent: Percent; readonly usedBytes?: number; readonly ofBytes?: number };
  'host-under-load': {
    readonly usedPercent: Percent;
    readonly busiestPercent: Percent;
    /** How long the busiest sample is; absent where it is about a second. */
    readonly sampleS?: number;
    readonly usedBytes?: number;
    readonly ofBytes?: number;
  };
  'nginx-in-path': {
    readonly version: string;
    /** CPU time of nginx for one request; without an interval one stage alone was measured. */
    readonly cpuUs?: number;
    readonly lowUs?: number;
    readonly highUs?: number;
    /** Of the CPU that a request takes of nginx and the app. */
    readonly sharePercent?: Percent;
  };
  'nginx-not-in-path': Repetition;
  'programs-under-load': {
    readonly appPercent?: Percent;
    readonly programs: readonly { readonly name: string; readonly cpuPercent: Percent }[];
  };

  'demand-unknown': { readonly reason: Finding };
  'type-not-sized': { readonly instanceType: string };
  'measure-beside': { readonly instanceType: string; readonly beside: string; readonly invocation: Invocation };
  'type-verdict': {
    readonly instanceType: string;
    readonly measured: boolean;
    readonly emulated: boolean;
    readonly verdict: 'fits' | 'does-not-fit' | 'inconclusive';
    readonly because: Finding;
  };
  'type-throughput': { readonly burst?: TypeRate; readonly sustained?: TypeRate };
  'type-bottleneck': { readonly limitedBy: string };
  'type-costs': { readonly usdPerMonth: number; readonly savesUsd?: number; readonly against: string };

  'no-build-ran': Repetition;
  'command-ran': {
    readonly command: string;
    readonly durationS: number;
    readonly exitCode?: number;
    readonly signal?: string;
    readonly stopped?: boolean;
    /** Nothing else says that its time has no interval. */
    readonly once?: boolean;
  };
  'builds-compared': {
    readonly builds: readonly {
      readonly instanceType: string;
      readonly line: string;
      readonly durationS: number;
      readonly ended?: 'failed' | 'stopped' | 'out-of-memory';
      readonly p99Us?: { readonly from: number; readonly to: number };
    }[];
  };
  'command-unsuccessful': {
    readonly command: string;
    readonly durationS: number;
    readonly exitCode?: number;
    readonly signal?: string;
  };
  'command-few-requests': {
    readonly command: string;
    readonly durationS: number;
    readonly requests: number;
    readonly needed: number;
  };
  /** vCPUs on average; credits, and how long a type earns them. */
  'command-used': {
    readonly cpuS: number;
    readonly vcpus: number;
    readonly memoryBytes?: number;
    readonly credits: number;
    readonly instanceType: string;
    readonly earnedInS: number;
  };
  'command-disturbed': { readonly takenPercent: Percent; readonly takers: readonly string[] };
  'command-out-of-memory': { readonly killed: number; readonly memoryBytes?: number; readonly instanceType: string };
  'command-cpu': { readonly cpuPercent: Change; readonly busiestPercent?: Percent; readonly sampleS?: number };
  'command-cpu-unknown': object;
  'command-load': {
    readonly p50Us?: Change;
    readonly p99Us?: Change;
    readonly throughputPerS?: Change;
    readonly errorRatePercent?: Change;
  };
  'after-command': { readonly cpuPercent: Percent; readonly p99Us?: number };
  recovery: {
    readonly stage: string;
    readonly reference: string;
    readonly recovered: boolean;
    readonly afterS?: number;
  };
};

/** Throughput of a type in one state; at least one of both rates is there. */
export type TypeRate = {
  readonly measuredPerS?: number;
  readonly predictedPerS?: number;
  /** The interval of the measured rate, else of the predicted one. */
  readonly low?: number;
  readonly high?: number;
  readonly p99Us?: number;
};

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
