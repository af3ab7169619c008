// What `stress --json` prints, in types of its own: other programs compile against them (api.ts).
import type { Finding } from '../../../model/finding.ts';
import type { Latency } from '../../../model/latency/latency-schema.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { Judged } from '../../../reports/schema/judged.ts';
import type { GradedSizing } from '../../../reports/sizing/size-runs.ts';

type Stage = RunRecord['stages'][number];

export type StressedRun = Pick<RunRecord, 'id' | 'status' | 'statusReason' | 'recovery'> &
  Pick<Judged, 'validity' | 'thresholds' | 'saturation' | 'capacity' | 'capacityAtSlo' | 'alarms'> & {
    /** The run folder. */
    readonly dir: string;
    readonly instanceType?: string;
    readonly stages: readonly (Pick<
      Stage,
      'name' | 'role' | 'requests' | 'outcomes' | 'statusCounts' | 'throughputPerS'
    > & { readonly latencyUs?: Omit<Latency, 'histogram'> })[];
    readonly agreements?: readonly Finding[];
    readonly warnings: readonly Finding[];
    /** The folder of its report. */
    readonly report: string;
  };

export type StressDocument = {
  readonly runs: readonly StressedRun[];
  readonly sizing?: GradedSizing['sizing'];
  readonly predictions?: GradedSizing['predictions'];
  /** The last instance type against the first, and the folder of that page. */
  readonly decision?: unknown;
  readonly comparison?: string;
  readonly blocks?: readonly object[];
  /** Of the last run; absent without one. */
  readonly verdict?: Judged['verdict'];
  readonly headline?: Judged['headline'];
  readonly report?: string;
  readonly exitCode: number;
};
