// The findings of sizing/: for each code its figures. Their texts are in messages/sizing*.ts.
import type { Invocation } from '../../model/command-line.ts';
import type { Finding } from '../../model/finding.ts';
import type { OutOfMemory } from '../../model/run-record.ts';
import type { Estimate } from '../series/regression.ts';
import type { TrafficFindings } from './traffic-findings.ts';

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

/** The verdict on a type in two words, its time to throttle, and what was assumed. */
export type TypeFindings = {
  readonly 'summary-fits': NoFigures;
  readonly 'summary-fits-up-to': {
    readonly perS: number;
    readonly low?: number;
    readonly high?: number;
    /** The rate is that of the type on EC2, not of cores of the measuring machine. */
    readonly onEc2?: boolean;
  };
  readonly 'summary-does-not-fit': NoFigures;
  readonly 'summary-inconclusive': NoFigures;
  readonly 'throttles-after': { readonly hoursToThrottle: number };
  readonly 'never-throttles': NoFigures;
  readonly 'vcpus-whole': { readonly cpuModel: string };
  readonly 'vcpu-emulated': { readonly vcpuShare: number; readonly cpuModel: string };
  readonly 'vcpu-assumed-core': { readonly instanceType: string; readonly cpuModel: string };
  readonly 'measured-on-type': { readonly instanceType: string };
  readonly 'vcpu-speed-unknown': { readonly instanceType: string };
  readonly 'vcpu-speed': {
    readonly instanceType: string;
    readonly of: string;
    readonly ratio: number;
    readonly low: number;
    readonly high: number;
  };
  readonly 'vcpus-promised': { readonly instanceType: string; readonly vcpus: number; readonly promisedVcpus: number };
  readonly 'idle-vcpus': { readonly idleVcpus: number; readonly workers: number };
  readonly 'cold-start': { readonly startS: number };
  /** What is counted beside the app and the system; of the observed host what its programs used at rest, and what none of them did. */
  readonly 'counted-beside-app': {
    readonly programs: readonly CountedProgram[];
    readonly hostVcpus?: number;
    readonly unknownVcpus?: number;
  };
};

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

export type SizingFindings = TrafficFindings &
  MissingDemandFindings &
  CheckFindings &
  TypeFindings &
  RecommendationFindings &
  PredictionFindings;

/** A finding of these codes with its figures. */
export type SizingFinding<C extends keyof SizingFindings = keyof SizingFindings> = {
  [K in C]: { readonly code: K } & SizingFindings[K];
}[C];
