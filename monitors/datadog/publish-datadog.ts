// Datadog as a destination of --publish.
import { type LoadInterval, loadIntervalS } from '../query/load-series.ts';
import type { Clock } from './clock.ts';
import type { Datadog } from './datadog.ts';
import type { Destination, PublishedRun, RunEvent } from './publish.ts';
import type { SubmittedSeries } from './records.ts';

/** Metrics with the tags of the run, and its events. */
export function datadogDestination(datadog: Datadog, run: PublishedRun, clock: Clock): Destination {
  const tags = runTags(run);
  return {
    name: 'Datadog',
    metrics: (intervals, stages) => datadog.submitMetrics(submitted(intervals, run.host, tags, stages)),
    event: (event) => datadog.createEvent(runEvent(run, clock.now(), event)),
  };
}

function runTags({ id, profile, instanceType, tags }: PublishedRun): string[] {
  return [`run:${id}`, `profile:${profile}`, ...(instanceType ? [`instance:${instanceType}`] : []), ...tags];
}

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
