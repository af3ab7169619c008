// The headline of a run: for each code its figures.
import type { Finding } from '../../model/finding.ts';
import type { Unit } from '../../model/metric.ts';
import type { Validity } from '../../model/run-record.ts';
import type { Estimate } from '../series/regression.ts';

/** A figure before and during a command; without `from` there was no stage before it. */
export type Change = { readonly from?: number; readonly to: number };

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
    /** The rate at the SLO where it was searched, which `slo` is then. */
    readonly burstPerS: Estimate;
    readonly slo?: readonly string[];
    readonly atLeast?: true;
    readonly atMost?: true;
  };
  /** `atLeast`: the generator was at its limit first. */
  'capacity-at-slo': {
    readonly arrivalRatePerS: number;
    readonly low: number;
    readonly high: number;
    readonly slo: readonly string[];
    readonly atLeast?: true;
  };
  'highest-throughput': {
    readonly throughputPerS: number;
    readonly connections?: number;
    /** Where more than 1 %. */
    readonly errorRatePercent?: number;
  };
  bottleneck: { readonly limitedBy: string; readonly because?: Finding };
  'command-took-cpu': { readonly cpuPercent: Change; readonly p99Us?: Change };
};
