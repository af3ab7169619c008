// `--publish`: sends the load as metrics and the run as events, for charts beside the host's CPU.
import type { Finding } from '../../model/finding.ts';
import type { Line, LoadLine, StageLine } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { monitorFinding } from '../messages.ts';
import { type LoadInterval, loadIntervalS, loadIntervals } from '../query/load-series.ts';
import type { Clock } from './clock.ts';

export type PublishedRun = {
  readonly id: string;
  readonly profile: string;
  readonly instanceType?: string;
  /** The target's name in Datadog. */
  readonly host: string;
  /** Of metrics and events: `service`, `env`, `version`, `team` and what else the user gave. */
  readonly tags: readonly string[];
};
export type RunEvent = {
  readonly title: string;
  readonly text: string;
  readonly alertType: 'info' | 'success' | 'error';
};

/** Where metrics and events of a run are sent. Both throw a UserError for what could not be sent. */
export type Destination = {
  /** For messages. */
  readonly name: string;
  /** `stages` are the names of the stages, as tags. */
  metrics(intervals: readonly LoadInterval[], stages: ReadonlyMap<number, string>): Promise<void>;
  /** Absent where there are no events. */
  readonly event?: (event: RunEvent) => Promise<void>;
};
export type Publisher = {
  /** Keeps a line of the run until the next flush. */
  line(line: Line): void;
  /** Sends the complete intervals, or with `all` every one. The harness calls it every 10 seconds. */
  flush(all?: boolean): Promise<void>;
  started(): Promise<void>;
  /** Sends the rest and the verdict; returns what could not be sent. */
  ended(verdict: string, passed: boolean, report?: string): Promise<readonly Finding[]>;
};

/** Datadog drops points older than an hour without an error. */
const oldestMs = 3600_000 - 60_000;

/** A failure to publish does not fail the run: failures are collected and returned at the end. */
export function createPublisher(to: Destination, run: PublishedRun, clock: Clock): Publisher {
  const stages = new Map<number, string>();
  const failures = new Set<string>();
  let droppedOld = false;
  let waiting: LoadLine[] = [];

  const attempt = async (send: () => Promise<void>) => {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.add(error.message);
    }
  };
  const flush = async (all = false) => {
    const stepMs = loadIntervalS * 1000;
    // The line of a second comes after it; the slowest generator gets one more second.
    const completeMs = all ? Number.POSITIVE_INFINITY : Math.floor((clock.now() - 2000) / stepMs) * stepMs;
    const endOf = (line: LoadLine) => Date.parse(line.at) + line.durationS * 1000;
    const due = waiting.filter((line) => endOf(line) <= completeMs);
    waiting = waiting.filter((line) => endOf(line) > completeMs);
    const intervals = loadIntervals(due);
    const young = intervals.filter(({ endMs }) => clock.now() - endMs < oldestMs);
    if (young.length < intervals.length) droppedOld = true;
    if (young.length > 0) await attempt(() => to.metrics(young, stages));
  };
  const sendEvent = (title: string, text: string, alertType: RunEvent['alertType']) =>
    attempt(async () => to.event?.({ title, text, alertType }));
  return {
    line: (line) => {
      if (line.kind === 'stage') stages.set(line.stage, stageTag(line));
      if (line.kind === 'load') waiting.push(line);
    },
    flush,
    started: () => sendEvent(`headroom run ${run.id} started`, `Profile ${run.profile} against ${run.host}.`, 'info'),
    ended: async (verdict, passed, report) => {
      await flush(true);
      const text = report === undefined ? verdict : `${verdict}\nReport: ${report}`;
      await sendEvent(`headroom run ${run.id}: ${verdict.split('\n')[0]}`, text, passed ? 'success' : 'error');
      return [
        ...(droppedOld ? [monitorFinding('points-too-old')] : []),
        ...[...failures].map((cause) => monitorFinding('not-published', { to: to.name, cause })),
      ];
    },
  };
}

/** Datadog replaces characters that a tag cannot have by _; doing it here makes it visible. */
function stageTag({ name }: StageLine): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}_:./-]+/gu, '_');
}
