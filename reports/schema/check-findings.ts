// The checks of an instance type against a workload: for each code its figures.
import type { Finding } from '../../model/finding.ts';
import type { OutOfMemory } from '../../model/run-record.ts';
import type { Estimate } from '../series/regression.ts';

type NoFigures = Record<never, never>;

/** Why a run has no service demand. */
export type MissingDemandFindings = {
  readonly 'host-not-observed': NoFigures;
  readonly 'vcpus-unknown': NoFigures;
  readonly 'no-cpu-above-rest': NoFigures;
  readonly 'no-steady-stage': { readonly shortestStageS: number };
  readonly 'no-request-answered': NoFigures;
  readonly 'ended-before-measured-stage': NoFigures;
};

export type MemoryFigures = {
  readonly neededBytes: number;
  readonly guestBytes: number;
  /** When the growth would use up the rest; `certain` after half an hour of it. */
  readonly growth?: { readonly lowHours: number; readonly highHours: number; readonly certain: boolean };
};

/** A program beside the app, with what it takes without a request. */
export type CountedProgram = {
  readonly name: string;
  /** On the observed host, or by its footprint in the catalogue (--with). */
  readonly how: 'measured' | 'assumed';
  readonly vcpus?: Estimate;
  readonly bytes?: Estimate;
  /** Of a footprint: where CPU and memory are from. */
  readonly sources?: readonly string[];
  /** It stands before the app in the path of the load: its CPU is in that of a request. */
  readonly inPath?: boolean;
};

export type NetworkFigures = {
  readonly instanceType: string;
  /** Of the larger direction, heads included, without TLS and the headers of packets. */
  readonly bytesPerRequest: number;
  readonly baselineMbps: number;
  readonly burstMbps: number;
  /** Requests per second with the headers of packets, and without. */
  readonly baselinePerS: { readonly low: number; readonly high: number };
  readonly burstPerS: { readonly low: number; readonly high: number };
};

type LatencyFigures = {
  readonly stage: string;
  readonly p99Us: number;
  /** Expressions of the thresholds that fail. */
  readonly broken: readonly string[];
};

export type SustainableLoad = {
  /** Requests per second without end, beside the builds, with its 95 % interval; of a measured rate its spread. */
  readonly sustainedPerS: Estimate;
  /** One vCPU of the type on EC2 as a share of a core of the measuring machine; absent where the rates are those of such cores. */
  readonly vcpuOfACore?: Estimate;
  /** Mean use of the builds; absent without builds, and where the app at rest leaves them nothing. */
  readonly buildVcpus?: number;
  /** Requests per second while there are CPU credits; absent when the load was too light to predict it. */
  readonly burstPerS?: Estimate;
  /** What the burst rate meets, where that was searched; `atLeast` where the generator was at its limit first, `atMost` where every rate missed it. */
  readonly slo?: readonly string[];
  readonly atLeast?: true;
  readonly atMost?: true;
  /** At the burst rate, until no credit is left; absent for a type that never throttles. */
  readonly hoursToThrottle?: {
    /** After a launch (T2 gets credits for it); 0 for a family that gets none. */
    readonly launch: number;
    /** From a full balance, as after an idle day. */
    readonly full: number;
  };
  /** The largest day of office shape that never throttles, with a fifth of the CPU free in its peak hour; absent when the load was too light. */
  readonly requestsPerOfficeDay?: number;
};

/** The kernel killed processes of the app on an instance type because its memory was full. */
export type MemoryKilled = OutOfMemory & { readonly instanceType: string };

/** The reason for the verdict of one check. */
export type CheckFindings = {
  readonly 'run-invalid': { readonly reasons: readonly Finding[] };
  /** The user's --vcpu-share. */
  readonly 'vcpu-share-chosen': { readonly vcpuShare: number };
  readonly 'run-incomplete': { readonly reason?: Finding };
  readonly 'traffic-unreliable': { readonly source: Finding; readonly caveat: Finding };
  readonly 'memory-not-collected': NoFigures;
  readonly 'memory-missing': { readonly of: 'app' | 'host' };
  readonly 'memory-killed': MemoryKilled;
  readonly 'memory-of-app': MemoryFigures & {
    readonly appBytes: number;
    readonly systemBytes: number;
    /** Absent for the app alone. */
    readonly programs?: readonly CountedProgram[];
    /** Present when the type has another number of workers than the run. */
    readonly scaled?: { readonly workers: number; readonly fromWorkers: number; readonly fromBytes: number };
  };
  readonly 'memory-of-host': MemoryFigures & {
    /** headroom's own, which was left out. */
    readonly ownBytes: number;
    /** Declared, and not on the observed host. */
    readonly programs?: readonly CountedProgram[];
  };
  readonly 'burst-cpu': {
    readonly instanceType: string;
    readonly peakPerS: number;
    readonly burstPerS: Estimate;
    /** Present when full use is not known: what the peak takes of the CPU. */
    readonly usePercent?: number;
    readonly hasCredits: boolean;
    /** As in SustainableLoad. */
    readonly slo?: readonly string[];
    readonly atLeast?: true;
    readonly atMost?: true;
    /** The rate is that of the type on EC2, not of cores of the measuring machine. */
    readonly onEc2?: boolean;
  };
  readonly 'credits-unlimited': { readonly percentOfBaseline: number };
  readonly 'credits-last': {
    readonly percentOfBaseline: number;
    readonly lowestBalance: number;
    /** Hour of the day, UTC. */
    readonly lowestAtHour: number;
    readonly days: number;
    /** They run out at the high end of the service demand's interval. */
    readonly uncertain: boolean;
  };
  readonly 'credits-run-out': {
    readonly percentOfBaseline: number;
    readonly hoursToThrottle: number;
    readonly throttledHoursPerDay: number;
    readonly requestsHarmedPerDay: number;
    /** They last at the low end of the service demand's interval. */
    readonly uncertain: boolean;
  };
  /** Without traffic, `peakPerS` is absent. */
  readonly network: NetworkFigures & { readonly peakPerS?: number };
  readonly 'builds-use-all': { readonly buildVcpus: number; readonly ofBaseline: boolean };
  /** `programs` and what they use at rest where others than the app are counted, in vCPUs of the type. */
  readonly 'rest-uses-baseline': { readonly programs?: readonly string[]; readonly othersVcpus?: number };
  /** CPU of the observed host at rest that no program accounts for. */
  readonly 'rest-not-known': { readonly vcpus: number };
  readonly 'sustainable-load': SustainableLoad;
  readonly 'load-too-light': { readonly usePercent: number };
  readonly 'burst-latency': LatencyFigures & {
    readonly usePercent?: number;
    /** The type that the stage ran on, and what its times were multiplied by; absent for a stage on the type itself. */
    readonly measuredOn?: string;
    readonly times?: number;
  };
  readonly 'sustained-latency': LatencyFigures & { readonly sustainedPerS?: number };
};
