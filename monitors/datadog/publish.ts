// `--publish`: sends the load as metrics and the run as events, for charts beside the host's CPU in Datadog.
import type { Finding } from '../../model/finding.ts';
import type { Line, LoadLine, StageLine } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { monitorFinding } from '../messages.ts';
import { type LoadInterval, loadIntervalS, loadIntervals } from '../query/load-series.ts';
import type { Clock } from './clock.ts';
import type { Datadog } from './datadog.ts';
import type { SubmittedSeries } from './records.ts';

type PublishedRun = {
  readonly id: string;
  readonly profile: string;
  readonly instanceType?: string;
  /** The target's name in Datadog. */
  readonly host: string;
  /** Of metrics and events: `service`, `env`, `version`, `team` and what else the user gave. */
  readonly tags: readonly string[];
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
export function createPublisher(datadog: Datadog, run: PublishedRun, clock: Clock): Publisher {
  const stages = new Map<number, string>();
  const tags = runTags(run);
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
    if (young.length > 0) await attempt(() => datadog.submitMetrics(submitted(young, run.host, tags, stages)));
  };
  const sendEvent = (title: string, text: string, alertType: 'info' | 'success' | 'error') =>
    attempt(() => datadog.createEvent(runEvent(run, clock.now(), { title, text, alertType })));
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
        ...[...failures].map((cause) => monitorFinding('not-published', { cause })),
      ];
    },
  };
}

function runTags({ id, profile, instanceType, tags }: PublishedRun): string[] {
  return [`run:${id}`, `profile:${profile}`, ...(instanceType ? [`instance:${instanceType}`] : []), ...tags];
}

type RunEvent = { readonly title: string; readonly text: string; readonly alertType: 'info' | 'success' | 'error' };

function runEvent(run: PublishedRun, nowMs: number, { title, text, alertType }: RunEvent) {
  return {
    // Datadog's limit of the text is 4,000 characters.
    title: title.slice(0, 100),
    text: text.slice(0, 4000),
    alertType,
    host: run.host,
    aggregationKey: `headroom-${run.id}`,
    dateHappened: Math.floor(nowMs / 1000),
    tags: ['headroom', `host:${run.host}`, ...runTags(run)],
  };
}

function submitted(
  intervals: readonly LoadInterval[],
  host: string,
  tags: readonly string[],
  stages: ReadonlyMap<number, string>,
): SubmittedSeries[] {
  const series = new Map<string, { metric: string; stage: number; points: [number, number][] }>();
  for (const { stage, endMs, metrics } of intervals) {
    for (const [metric, value] of Object.entries(metrics)) {
      const each = series.get(`${metric} ${stage}`) ?? { metric, stage, points: [] };
      series.set(`${metric} ${stage}`, each);
      each.points.push([endMs / 1000, value]);
    }
  }
  return [...series.values()].map(({ metric, stage, points }) => ({
    metric,
    host,
    tags: [...tags, `stage:${stages.get(stage) ?? stage}`],
    intervalS: loadIntervalS,
    points,
  }));
}

/** Datadog replaces characters that a tag cannot have by _; doing it here makes it visible. */
function stageTag({ name }: StageLine): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}_:./-]+/gu, '_');
}
