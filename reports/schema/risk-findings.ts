// The risks of a move: for each code its figures. Their texts are in messages/risks.ts.
import type { Finding } from '../../model/finding.ts';
import type { Estimate } from '../series/regression.ts';

export type RiskFindings = {
  'risk-not-valid': { readonly run: string; readonly verdict: string; readonly reasons: readonly Finding[] };
  'risk-disturbed': { readonly run: string; readonly because: Finding };
  /** A figure of the type missed what was predicted of it. */
  'risk-prediction': {
    readonly instanceType: string;
    readonly state: 'burst' | 'sustained';
    readonly from: string;
    readonly predictedPerS: Estimate;
    readonly measuredPerS: number;
    readonly errorPercent: number;
    readonly suspects: readonly Finding[];
  };
  /** A monitor of what users notice would have fired, or warned. */
  'risk-alarm': {
    readonly instanceType: string;
    readonly monitor: string;
    readonly result: 'alert' | 'warning';
    readonly why: Finding;
  };
  'risk-credits-empty': {
    readonly instanceType: string;
    /** With all vCPUs busy, after a launch and from a full balance. */
    readonly hoursToThrottle: { readonly launch: number; readonly full: number };
    readonly sustainedPerS: Estimate;
    readonly onEc2: boolean;
    /** At the baseline performance, where it was measured. */
    readonly p99Us?: number;
  };
  'risk-restart': { readonly instanceType: string; readonly startS: number };
  'risk-build': {
    readonly instanceType: string;
    readonly durationS: number;
    /** On the other type. */
    readonly beside?: { readonly instanceType: string; readonly durationS: number };
    readonly p99Us?: { readonly from: number; readonly to: number };
  };
  /** The kernel ended a build for want of memory. */
  'risk-build-memory': { readonly instanceType: string; readonly line: string };
  'risk-memory': {
    readonly instanceType: string;
    readonly systemBytes: number;
    readonly neededBytes: number;
    readonly guestBytes: number;
  };
  'risk-emulated': { readonly instanceType: string; readonly vcpuOfACore?: Estimate };
};

/** A risk with its figures. */
export type Risk<C extends keyof RiskFindings = keyof RiskFindings> = {
  [K in C]: { readonly code: K } & RiskFindings[K];
}[C];
