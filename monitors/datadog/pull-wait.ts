import type { Clock } from './clock.ts';
import type { Datadog } from './datadog.ts';
import type { PullQuery } from './pull-queries.ts';

export type WaitOptions = {
  readonly datadog: Datadog;
  readonly clock: Clock;
  /** How long to wait for points that Datadog has not taken in yet (180). */
  readonly maxLagS?: number;
  readonly onProgress?: (text: string) => void;
};

/** Waits until the window's last points are in Datadog; a host that sends nothing is not waited for. */
export async function waitForPoints(
  options: WaitOptions,
  queries: readonly PullQuery[],
  fromS: number,
  toS: number,
): Promise<void> {
  const { datadog, clock, maxLagS = 180, onProgress = () => undefined } = options;
  const quickest = [...queries].sort((a, b) => a.intervalS - b.intervalS)[0];
  if (!quickest || clock.now() / 1000 - toS > maxLagS) return;
  // Datadog gives no bucket that began before the window: between two bounds a short one would have none, however long one waits.
  const firstS = Math.floor(Math.max(fromS, toS - 600) / quickest.intervalS) * quickest.intervalS;
  const giveUpAt = clock.now() + maxLagS * 1000;
  for (;;) {
    const found = await datadog.queryMetrics(quickest.query, firstS, toS);
    const newest = Math.max(...found.flatMap((each) => each.points.map(([at]) => at / 1000 + each.intervalS)));
    if (newest >= toS || clock.now() >= giveUpAt) return;
    const state = Number.isFinite(newest)
      ? `its newest point is ${Math.round(toS - newest)} s short`
      : 'it has no point yet';
    onProgress(`waiting for Datadog to take in ${quickest.metric}: ${state}`);
    await clock.sleep(10_000);
  }
}
