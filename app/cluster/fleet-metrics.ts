import type { Worker } from 'node:cluster';
import type { MetricSnapshot } from '../telemetry/metrics.ts';
import { send } from './worker-process.ts';

interface Scrape {
  readonly snapshots: MetricSnapshot[];
  readonly expected: number;
  readonly done: () => void;
}

const SCRAPE_LIMIT_MS = 2_000;

/** The metrics of all workers together: each scrape asks the workers of the moment. */
export function collectMetrics(workers: () => readonly Worker[]) {
  const scrapes = new Map<number, Scrape>();
  let lastId = 0;
  return {
    /** The text of /metrics. Workers that do not answer within 2 seconds are left out. */
    async text(): Promise<string> {
      lastId += 1;
      const id = lastId;
      const asked = workers();
      const snapshots: MetricSnapshot[] = [];
      await new Promise<void>((resolve) => {
        // A worker that dies meanwhile must not hold up the scrape.
        const timer = setTimeout(resolve, SCRAPE_LIMIT_MS);
        const done = (): void => {
          clearTimeout(timer);
          resolve();
        };
        scrapes.set(id, { snapshots, expected: asked.length, done });
        for (const worker of asked) send(worker, { type: 'collect', id });
      });
      scrapes.delete(id);
      // Loaded on the first scrape, to keep the start fast.
      const { metricsText } = await import('../telemetry/metrics.ts');
      return metricsText(snapshots);
    },
    /** To be called with each snapshot that arrives. */
    onSnapshot(id: number, snapshot: MetricSnapshot): void {
      const scrape = scrapes.get(id);
      if (!scrape) return;
      scrape.snapshots.push(snapshot);
      if (scrape.snapshots.length === scrape.expected) scrape.done();
    },
  };
}
