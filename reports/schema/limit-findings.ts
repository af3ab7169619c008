// What limits a run, and why no saturation point was found: for each code its figures.

type Percent = number;

/** What the bottleneck is read from, and why there is no saturation point. */
export type LimitFindings = {
  'event-loop-busy': { readonly busyPercent: Percent; readonly hostIdlePercent?: Percent };
  'process-uses-core': { readonly usedPercent: Percent; readonly hostIdlePercent?: Percent };
  /** `engine`: of a closed stage, whose engine is the slower one. */
  'generator-busy': { readonly busyPercent: Percent; readonly engine?: 'autocannon' };
  'host-cpu-saturated': { readonly idlePercent: Percent; readonly appPercent?: Percent };
  'instance-cpu-saturated': { readonly instanceType?: string; readonly usedPercent: Percent };
  'credit-baseline-reached': {
    readonly instanceType: string;
    readonly usedPercent: Percent;
    readonly baselinePercent: Percent;
  };
  'host-memory-scarce': { readonly usablePercent: Percent };
  'instance-memory-full': { readonly usedBytes: number; readonly ofBytes: number };
  /** Of an emulated instance, in the direction with more. */
  'network-full': { readonly instanceType: string; readonly usedMbps: number; readonly limitMbps: number };
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
