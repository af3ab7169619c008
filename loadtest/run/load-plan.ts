// What a run is made of, and what comes out of it.
import type { Finding } from '../../model/finding.ts';
import type { Profile, Route } from '../../model/profile.ts';
import type { CommandRecord, RunRecord, StageRecord } from '../../model/run-record.ts';
import type { Line } from '../../model/second.ts';
import type { Generators } from '../generators/generators.ts';
import type { CoreWatch } from './core-watch.ts';
import type { CpuUsed } from './cpu-used.ts';
import type { Turn } from './turns.ts';

export type LoadPlan = {
  readonly profile: Profile;
  readonly origin: string;
  readonly routes: readonly Route[];
  readonly generators: Generators;
  /** Of Poisson arrivals, and of the order of probes. */
  readonly seed: number;
  /** Takes any certificate; open stages verify it otherwise, closed ones never do. */
  readonly insecure: boolean;
  /** The target closes a connection after its response: open stages open none ahead. */
  readonly closesEach?: boolean;
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
  /** Before the load of each visit. */
  readonly onVisit?: (role: StageRecord['role']) => void;
  /** Aborts with a `StopReason`: the run ends with what it has. */
  readonly signal: AbortSignal;
  /** Receives every line as it arrives. */
  readonly onLine: (line: Line) => void;
  /** After each stage, with all stages so far. */
  readonly onStage: (stages: readonly StageRecord[]) => void;
};

export type StopReason = { readonly status: 'aborted' | 'interrupted'; readonly reason: Finding };

export type LoadResult = Pick<
  RunRecord,
  'status' | 'statusReason' | 'stages' | 'saturation' | 'capacity' | 'recovery' | 'probe' | 'validity' | 'warnings'
> & {
  /** Of the generators, over the measured stages. */
  readonly use: Pick<RunRecord['generator'], 'eventLoopUtilization' | 'cpuPercent'>;
};
