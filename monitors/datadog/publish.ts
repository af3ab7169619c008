// `--publish`: the load as metrics and the run as events, so that they stand beside the host's CPU in Datadog.
import type { Line, LoadLine, StageLine } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { type LoadInterval, loadIntervalS, loadIntervals } from '../query/load-series.ts';
import type { Clock } from './clock.ts';
import type { Datadog } from './datadog.ts';
import type { SubmittedSeries } from './records.ts';

export type PublishedRun = {
  readonly id: string;
  readonly profile: string;
  readonly instanceType?: string;
  /** Of the target, as Datadog calls it. */
  readonly host: string;
};
export type Publisher = {
  /** Takes a line of the run; nothing is sent by this. */
  line(line: Line): void;
  /** Sends the intervals that are complete, or with `all` every one; the harness calls it every 10 seconds. */
  flush(all?: boolean): Promise<void>;
  started(): Promise<void>;
  /** Sends the rest and the verdict; gives what could not be sent, in sentences. */
  ended(verdict: string, passed: boolean, report?: string): Promise<readonly string[]>;
};

/** Datadog drops points that are an hour old without a word. */
const oldestMs = 3600_000 - 60_000;

/** Trouble with Datadog never harms the run: it is collected and given at the end. */
export function createPublisher(datadog: Datadog, run: PublishedRun, clock: Clock): Publisher {
  const stages = new Map<number, string>();
  const tags = [
    `run:${run.id}`,
    `profile:${run.profile}`,
    ...(run.instanceType ? [`instance:${run.instanceType}`] : []),
  ];
  const problems = new Set<string>();
  let waiting: LoadLine[] = [];

  const attempt = async (send: () => Promise<void>) => {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.add(error.message);
    }
  };
  const flush = async (all = false) => {
    const stepMs = loadIntervalS * 1000;
    // A second's line comes when the second is over; one more is left for the slowest generator.
    const completeMs = all ? Number.POSITIVE_INFINITY : Math.floor((clock.now() - 2000) / stepMs) * stepMs;
    const endOf = (line: LoadLine) => Date.parse(line.at) + line.durationS * 1000;
    const due = waiting.filter((line) => endOf(line) <= completeMs);
    waiting = waiting.filter((line) => endOf(line) > completeMs);
    const intervals = loadIntervals(due);
    const young = intervals.filter(({ endMs }) => clock.now() - endMs < oldestMs);
    if (young.length < intervals.length)
      problems.add('metrics that were an hour old were not sent: Datadog drops them');
    if (young.length > 0) await attempt(() => datadog.submitMetrics(submitted(young, run.host, tags, stages)));
  };
  const event = (title: string, text: string, alertType: 'info' | 'success' | 'error') =>
    attempt(() =>
      datadog.createEvent({
        title,
        text,
        alertType,
        host: run.host,
        aggregationKey: `headroom-${run.id}`,
        dateHappened: Math.floor(clock.now() / 1000),
        tags: ['headroom', `host:${run.host}`, ...tags],
      }),
    );
  return {
    line: (line) => {
      if (line.kind === 'stage') stages.set(line.stage, stageTag(line));
      if (line.kind === 'load') waiting.push(line);
    },
    flush,
    started: () => event(`headroom run ${run.id} started`, `Profile ${run.profile} against ${run.host}.`, 'info'),
    ended: async (verdict, passed, report) => {
      await flush(true);
      const text = report === undefined ? verdict : `${verdict}\nReport: ${report}`;
      // The server takes 4,000 characters.
      await event(
        `headroom run ${run.id}: ${verdict.split('\n')[0]}`.slice(0, 100),
        text.slice(0, 4000),
        passed ? 'success' : 'error',
      );
      return [...problems];
    },
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

/** Tags are of letters, digits and a few signs; Datadog makes _ of all else, so that is done here where one can see it. */
function stageTag({ name }: StageLine): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}_:./-]+/gu, '_');
}
