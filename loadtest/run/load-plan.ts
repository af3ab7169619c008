// What a run is made of, and what comes out of it.
import type { Finding } from '../../model/finding.ts';
import type { Profile, Route } from '../../model/profile.ts';
import type { ReplayRecord } from '../../model/replay-record.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Line } from '../../model/second.ts';
import type { CommandRecord } from '../../model/stage/command-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import type { Generators } from '../generators/generators.ts';
import type { Recording } from '../replay/recorder.ts';
import type { Schedule } from '../replay/schedule.ts';
import type { WalkPlan } from '../walks/read-walk.ts';
import type { CoreWatch } from './core-watch.ts';
import type { CpuUsed } from './cpu-used.ts';
import type { BankTerms } from './predict-throttle.ts';
import type { Turn } from './turns.ts';

export type LoadPlan = {
  readonly profile: Profile;
  readonly origin: string;
  readonly routes: readonly Route[];
  /** What users do; its steps are the routes. */
  readonly walk?: WalkPlan | undefined;
  readonly generators: Generators;
  /**
   * Each generator has a core to itself on the target's machine, and never sleeps while it sends: to wake it is work of the kernel on the
   * target's core, which would count as the app's CPU time (`npm run bench -- slices`).
   */
  readonly polls?: boolean;
  /** Of Poisson arrivals, and of the order of probes. */
  readonly seed: number;
  /** Takes any certificate; open stages verify it otherwise, closed ones never do. */
  readonly insecure: boolean;
  /** The target closes a connection after its response: open stages open none ahead. */
  readonly closesEach?: boolean;
  /** Share of the requests of open stages, 0 to 1, that carry a trace context. */
  readonly trace?: number | undefined;
  /** This harness runs the part of shard `index` (from 0) of `of`, with a common begin in ms since 1970. */
  readonly shard?: { readonly index: number; readonly of: number; readonly startAt: number } | undefined;
  /** Runs the command of --during until it ends or the signal aborts. */
  readonly during?: ((signal: AbortSignal) => Promise<CommandRecord>) | undefined;
  /** Resolves when the target's host is as calm as before the run, or after a few seconds all the same. */
  readonly calm: () => Promise<void>;
  /** The run's part among runs that are alive at once; absent: it is the only one. */
  readonly turn?: Turn;
  /** The cores of the target; absent where it is on another machine. */
  readonly watch?: CoreWatch | undefined;
  /** What the app's processes, and nginx in the path, have used so far; absent where they are not known. */
  readonly cpuS?: (() => CpuUsed) | undefined;
  /** Of a stage of kind `replay`. */
  readonly replay?: ReplayPlan | undefined;
  /** Before the load of each visit; `lead`: before that which comes before a block. */
  readonly onVisit?: (role: StageRecord['role'], lead: boolean) => void;
  /** Of the app; absent where it is not headroom's own. */
  readonly starts?: Starts | undefined;
  /** Aborts with a `StopReason`: the run ends with what it has. */
  readonly signal: AbortSignal;
  /** Receives every line as it arrives. */
  readonly onLine: (line: Line) => void;
  /** After each stage, with all stages so far. */
  readonly onStage: (stages: readonly StageRecord[]) => void;
  /** What was found before the run has ended: a prediction, to be written down before it is graded. */
  readonly onFound?: (found: Found) => void;
  /** For the user, at once. */
  readonly say?: (finding: Finding) => void;
};

export type Starts = {
  /** Until now. */
  readonly count: () => number;
  /** Seconds of load that make it warm, before the lead of its first block. */
  readonly warmUpS: number;
  /** Ends the app and starts it again at the same address. Where it does not start, the run is stopped. */
  readonly again: () => Promise<void>;
};

/** The requests of a log, and the credits that they spend. */
export type ReplayPlan = {
  readonly recording: Recording;
  readonly schedule: Schedule;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: Readonly<Record<string, string>>;
  readonly record: ReplayRecord;
  /** Of an emulated instance in standard mode. */
  readonly bank?:
    | (BankTerms & {
        /** Of a core, that one vCPU is. */
        readonly vcpuShare: number;
        /** Seconds from the begin of the replay to the first throttling; undefined before. */
        readonly firstThrottleS: () => number | undefined;
      })
    | undefined;
};

/** What stages of a kind of their own have found. */
export type Found = Pick<RunRecord, 'saturation' | 'capacity' | 'capacityAtSlo' | 'recovery' | 'replay'>;

export type StopReason = { readonly status: 'aborted' | 'interrupted'; readonly reason: Finding };

export type LoadResult = Found &
  Pick<RunRecord, 'status' | 'statusReason' | 'stages' | 'probe' | 'appSystemShare' | 'validity' | 'warnings'> & {
    /** Of the generators, over the measured stages. */
    readonly use: Pick<RunRecord['generator'], 'eventLoopUtilization' | 'cpuPercent'>;
  };
