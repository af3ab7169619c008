import type { Worker } from 'node:cluster';
import type { MetricSnapshot } from '../telemetry/metrics.ts';
import { send } from './fleet.ts';

/** Collects the metrics of all workers. */
export interface FleetMetrics {
  text(): Promise<string>;
  /** To be called with each snapshot that arrives. */
  onSnapshot(id: number, snapshot: MetricSnapshot): void;
}

interface Round {
  readonly snapshots: MetricSnapshot[];
  readonly wanted: number;
  readonly done: () => void;
}

const ROUND_LIMIT_MS = 2_000;

/** Starts to collect from the workers that there are at each time. */
export function collectMetrics(workers: () => readonly Worker[]): FleetMetrics {
  const rounds = new Map<number, Round>();
  let lastId = 0;
  return {
    async text() {
      lastId += 1;
      const id = lastId;
      const asked = workers();
      const snapshots: MetricSnapshot[] = [];
      await new Promise<void>((resolve) => {
        // A worker that dies meanwhile is missing in this scrape; the others are not to wait for it.
        const timer = setTimeout(resolve, ROUND_LIMIT_MS);
        const done = (): void => {
          clearTimeout(timer);
          resolve();
        };
        rounds.set(id, { snapshots, wanted: asked.length, done });
        for (const worker of asked) send(worker, { type: 'collect', id });
      });
      rounds.delete(id);
      // Loaded at the first scrape: a start should not wait for it.
      const { metricsText } = await import('../telemetry/metrics.ts');
      return metricsText(snapshots);
    },
    onSnapshot(id, snapshot) {
      const round = rounds.get(id);
      if (!round) return;
      round.snapshots.push(snapshot);
      if (round.snapshots.length === round.wanted) round.done();
    },
  };
}
