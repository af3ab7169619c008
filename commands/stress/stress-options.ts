// Everything that a stress run is told.
import type { InstanceType } from '../../model/instance-catalogue.ts';
import type { Profile } from '../../model/profile.ts';
import type { StageRecord } from '../../model/run-record.ts';
import type { Line } from '../../model/second.ts';
import type { SourceChoice } from '../../monitors/collectors/source-choice.ts';
import type { DatadogPart } from '../datadog/datadog-part.ts';
import type { Emulation } from './emulation.ts';

export type StressOptions = {
  readonly profile: Profile;
  /** Undefined: the shortener is started for the run. */
  readonly target: URL | undefined;
  /** What the machine of the target is; undefined: nobody said. */
  readonly instance: InstanceType | undefined;
  /** The shortener is started on such a machine; undefined: on this one as it is. */
  readonly emulation: Emulation | undefined;
  /** What the user must know of the run from its beginning. */
  readonly warning: string | undefined;
  readonly expect: readonly number[] | undefined;
  readonly allowHost: string | undefined;
  /** Instead of the profile's own. */
  readonly thresholds: readonly string[] | undefined;
  /** Where the host's figures come from, the judging one first; undefined: from this machine, if the target is on it. */
  readonly sources: readonly SourceChoice[] | undefined;
  /** What the run has to do with Datadog; undefined: nothing. */
  readonly datadog: DatadogPart | undefined;
  readonly generators: number;
  readonly out: string;
  readonly name: string | undefined;
  /** Of everything random. */
  readonly seed: number;
  /** Takes any certificate. */
  readonly insecure: boolean;
  /** This harness runs part `index` (from 0) of `of`, from `startAt` (ms since 1970) on. */
  readonly shard: { readonly index: number; readonly of: number; readonly startAt: number } | undefined;
  /** A shell line for the stages that are marked `during`. */
  readonly during: string | undefined;
  readonly urlsFile: string;
  /** The command line that repeats this run. */
  readonly command: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by the user's signal. */
  readonly signal: AbortSignal;
  readonly onLine: (line: Line) => void;
  readonly onStage: (stage: StageRecord) => void;
};
