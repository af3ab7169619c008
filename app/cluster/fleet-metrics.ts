import type { Worker } from 'node:cluster';
import type { MetricSnapshot } from '../telemetry/metrics.ts';
import { send } from './worker-process.ts';

/** The metrics of all workers together. */
interface FleetMetrics {
  /** The text of /metrics. Workers that do not answer within 2 seconds are left out. */
  text(): Promise<string>;
  /** To be called with each snapshot that arrives. */
  onSnapshot(id: number, snapshot: MetricSnapshot): void;
}

interface Scrape {
  readonly snapshots: MetricSnapshot[];
  readonly expected: number;
  readonly done: () => void;
}

const SCRAPE_LIMIT_MS = 2_000;

/** Returns a collector that asks the workers of the moment on each scrape. */
export function collectMetrics(workers: () => readonly Worker[]): FleetMetrics {
  const scrapes = new Map<number, Scrape>();
  let lastId = 0;
  return {
    async text() {
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
    onSnapshot(id, snapshot) {
      const scrape = scrapes.get(id);
      if (!scrape) return;
      scrape.snapshots.push(snapshot);
      if (scrape.snapshots.length === scrape.expected) scrape.done();
    },
  };
}
