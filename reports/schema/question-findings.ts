// The answers to the three questions: for each code its figures.
import type { Invocation } from '../../model/command-line.ts';
import type { Finding } from '../../model/finding.ts';
import type { Change } from './headline-findings.ts';
import type { Repetition } from './recommendation-findings.ts';

type Percent = number;
type Latency = { readonly p50Us: number; readonly p99Us: number };

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
