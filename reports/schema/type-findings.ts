// The verdict on an instance type and what it rests on: for each code its figures.
import type { CountedProgram } from './check-findings.ts';

type NoFigures = Record<never, never>;

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
  /** `dearer`: by how much a request cost more on a core that workers shared. */
  readonly 'vcpus-whole': {
    readonly cpuModel: string;
    readonly dearer?: number;
    readonly low?: number;
    readonly high?: number;
  };
  readonly 'vcpu-emulated': { readonly vcpuShare: number; readonly cpuModel: string };
  /** Of a core whose speed is known: the rates here are those of such cores. */
  readonly 'vcpu-is-core': { readonly cpuModel: string };
  readonly 'vcpu-assumed-core': { readonly instanceType: string; readonly cpuModel: string };
  readonly 'measured-on-type': { readonly instanceType: string };
  readonly 'vcpu-speed-unknown': { readonly instanceType: string; readonly low?: number; readonly high?: number };
  readonly 'vcpu-speed': {
    readonly instanceType: string;
    readonly of: string;
    readonly ratio: number;
    readonly low: number;
    readonly high: number;
  };
  readonly 'vcpus-promised': { readonly instanceType: string; readonly vcpus: number; readonly promisedVcpus: number };
  readonly 'idle-vcpus': { readonly idleVcpus: number; readonly workers: number };
  /** Of a run on one vCPU: an app that was not seen to keep more than `workers` vCPUs busy may keep `most`. */
  readonly 'workers-unknown': { readonly workers: number; readonly most: number };
  readonly 'cold-start': { readonly startS: number };
  /** What is counted beside the app and the system; of the observed host what its programs used at rest, and what none of them did. */
  readonly 'counted-beside-app': {
    readonly programs: readonly CountedProgram[];
    readonly hostVcpus?: number;
    readonly unknownVcpus?: number;
  };
};
