import { max } from 'd3-array';
import type { Clock } from './clock.ts';
import type { Datadog } from './datadog.ts';
import type { PullQuery } from './pull-queries.ts';

export type WaitOptions = {
  readonly datadog: Datadog;
  readonly clock: Clock;
  /** How long to wait for points that Datadog does not have yet (180). */
  readonly maxLagS?: number;
  readonly onProgress?: (text: string) => void;
};

/** Waits until Datadog has the last points of the window, or until `maxLagS` is over. */
export async function waitForPoints(
  options: WaitOptions,
  queries: readonly PullQuery[],
  fromS: number,
  toS: number,
): Promise<void> {
  const { datadog, clock, maxLagS = 180, onProgress = () => undefined } = options;
  const quickest = [...queries].sort((a, b) => a.intervalS - b.intervalS)[0];
  if (!quickest || clock.now() / 1000 - toS > maxLagS) return;
  // Datadog returns no bucket that began before the window, so the window begins at a bucket.
  const firstS = Math.floor(Math.max(fromS, toS - 600) / quickest.intervalS) * quickest.intervalS;
  const giveUpAt = clock.now() + maxLagS * 1000;
  for (;;) {
    const found = await datadog.queryMetrics(quickest.query, firstS, toS);
    const ends = found.flatMap((each) => each.points.map(([at]) => at / 1000 + each.intervalS));
    const newest = max(ends) ?? Number.NEGATIVE_INFINITY;
    if (newest >= toS || clock.now() >= giveUpAt) return;
    const state = Number.isFinite(newest)
      ? `the newest point is ${Math.round(toS - newest)} s before the end of the window`
      : 'no point yet';
    onProgress(`Waiting for ${quickest.metric} in Datadog: ${state}`);
    await clock.sleep(10_000);
  }
}
