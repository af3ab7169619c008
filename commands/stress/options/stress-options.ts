// The options of one run.
import type { MeasuredCores } from '../../../loadtest/emulation/measured-cores.ts';
import type { CoreWatch } from '../../../loadtest/run/core-watch.ts';
import type { Turn } from '../../../loadtest/run/turns.ts';
import type { AppCommand } from '../../../loadtest/target/started-app.ts';
import type { InstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Profile } from '../../../model/profile.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { Line } from '../../../model/second.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import type { LocalApp } from '../../../monitors/collectors/linux-reader.ts';
import type { SourceChoice } from '../../../monitors/collectors/source-choice.ts';
import type { DatadogPart } from '../../datadog/datadog-part.ts';
import type { RequestParts } from '../flags/request-flags.ts';
import type { ChosenCommand } from './choose-command.ts';
import type { ChosenWalk } from './choose-walk.ts';
import type { Emulation } from './emulation.ts';
import type { Replay } from './read-replay.ts';

export type StressOptions = {
  readonly profile: Profile;
  /** The log whose requests are sent; undefined without --replay. */
  readonly replay: Replay | undefined;
  /** What users do step by step, of the profile or of --har. */
  readonly walk: ChosenWalk | undefined;
  /** Undefined: the app, or else the shortener, is started for the run. */
  readonly target: URL | undefined;
  /** The user's app, to be started for the run. */
  readonly app: AppCommand | undefined;
  /** Of a target on this machine: the app behind it, where the user named it. */
  readonly running: LocalApp | undefined;
  /** Pages to GET; undefined: as profile and target say. */
  readonly paths: readonly string[] | undefined;
  /** The target is headroom's shortener: by what it says, or by --routes shortener. */
  readonly isShortener: boolean;
  /** The instance type of the target, or on EC2 of this machine, where it is known. */
  readonly instance: InstanceType | undefined;
  /** The machine that the shortener is started on; undefined: this one. */
  readonly emulation: Emulation | undefined;
  /** The cores that emulated instances share; undefined without them. */
  readonly measuredCores: MeasuredCores | undefined;
  /** What sees disturbances where the target is measured; undefined where that is another machine. */
  readonly watch: CoreWatch | undefined;
  /** What the record says of the speed of the measured core, by now. */
  readonly vcpuSpeed: () => Pick<RunRecord, 'vcpuSpeed'>;
  readonly turn: Turn;
  /** What was found before the run. */
  readonly findings: readonly Finding[];
  /** A warning that holds from the start of the run. */
  readonly warning: string | undefined;
  /** What else the machine of the app has (--with); names of box-programs.json. */
  readonly with: readonly string[];
  /** The nginx to start before the app; undefined: none. */
  readonly nginx: string | undefined;
  readonly expect: readonly number[] | undefined;
  /** Headers of all requests; method and body of those to one page. */
  readonly request: RequestParts;
  readonly allowHost: string | undefined;
  /** Replace those of the profile. */
  readonly thresholds: readonly string[] | undefined;
  /** Sources of host metrics, the judged one first; undefined: this machine, if the target runs on it. */
  readonly sources: readonly SourceChoice[] | undefined;
  /** Datadog account and flags; undefined without Datadog. */
  readonly datadog: DatadogPart | undefined;
  /** Where metrics go by OpenTelemetry's protocol. */
  readonly otlp: URL | undefined;
  readonly generators: number;
  readonly out: string;
  readonly name: string | undefined;
  /** Seed of everything random in the run. */
  readonly seed: number;
  /** Accepts any TLS certificate. */
  readonly insecure: boolean;
  /** Share of the requests of open stages, 0 to 1, that carry a trace context; undefined: none. */
  readonly trace: number | undefined;
  /** This harness sends part `index` (from 0) of `of`, starting at `startAt` (ms since 1970). */
  readonly shard: { readonly index: number; readonly of: number; readonly startAt: number } | undefined;
  /** Runs in stages of kind `build`, and in those that are marked `during`. */
  readonly during: ChosenCommand | undefined;
  /** Why no build runs, where one was to. */
  readonly noBuild: Finding | undefined;
  readonly urlsFile: string;
  /** The command line that repeats this run. */
  readonly command: string;
  /** Of headroom's own processes. */
  readonly environment: NodeJS.ProcessEnv;
  /** Of the user's programs. */
  readonly givenEnvironment: NodeJS.ProcessEnv;
  /** Variables that they do not get, though the user has set them. */
  readonly withheld: readonly string[];
  /** Datadog's variables of tags, which choose thresholds of monitors.json. */
  readonly tagEnvironment: NodeJS.ProcessEnv;
  /** Aborted by the user's signal. */
  readonly signal: AbortSignal;
  readonly onLine: (line: Line) => void;
  readonly onStage: (stage: StageRecord) => void;
  /** For the user, at once. */
  readonly say: (text: string) => void;
};
