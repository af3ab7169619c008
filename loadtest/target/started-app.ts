// An app that headroom starts for a run: what it needs for that, and what it knows of it then.
import type { Finding } from '../../model/finding.ts';

export type StartedApp = {
  /** Its origin. */
  readonly url: string;
  /** Its processes, without their descendants. */
  pids(): readonly number[];
  /** 0 to 1, of the busiest of its event loops in the last second; absent where an app does not say so, undefined before it did. */
  eventLoopUtilization?(): number | undefined;
  /** Resolves when it exits without having been asked to. */
  readonly died: Promise<Finding>;
  /** Ends it and starts it again at the same address, with other processes; absent where an app cannot be expected to bear that. */
  restart?(): Promise<void>;
  stop(): Promise<void>;
};

/** What the user gave. */
export type AppCommand = {
  readonly line: string;
  /** Where it runs; absent: where headroom was started. */
  readonly directory?: string;
  /** Must answer with success before the load; absent: `/` must answer, whatever it says. */
  readonly readyPath?: string;
  /** Where it listens whatever PORT says; absent: on PORT. */
  readonly fixed?: URL;
};

/** What shows the processes of this machine. */
type ProcessView = {
  /** Of these processes and their descendants those that live. */
  family(roots: Iterable<number>): readonly number[];
  /** Those that have this entry, NAME=VALUE, in the environment that they were started with. */
  marked(entry: string): readonly number[];
  /** The ports that these processes listen on. */
  ports(pids: readonly number[]): readonly number[];
  /** Those that listen on a port of 127.0.0.1, and that were started no earlier than so many seconds after the boot. */
  listeners(port: number, sinceS: number): readonly number[];
};

export type AppOptions = AppCommand & {
  /** Gets all that it writes. */
  readonly logFile: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Variables that the user has set, and that are not in it. */
  readonly withheld: readonly string[];
  readonly workers: number;
  /** Files of control groups that it enters. */
  readonly enter?: readonly string[];
  readonly view: ProcessView;
  /** Between a polite request to end and force; absent: 10 s. */
  readonly graceMs?: number;
  /** Ends the wait for its first answer. */
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  /** Without an answer for so long it says what it waits for; absent: 5 s. */
  readonly sayAfterMs?: number;
};
