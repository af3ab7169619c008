// Sends request metrics to a Datadog agent by DogStatsD, one batch every ten seconds.
import { StatsD } from 'hot-shots';
import { BUCKETS_S, type Tally, type Traffic } from './traffic.ts';

/** Where the agent listens for UDP. */
export interface AgentAddress {
  readonly host: string;
  readonly port: number;
}

/** The flush interval of the agent; sending more often would add no detail. */
const INTERVAL_MS = 10_000;

/**
 * Sends, by method, route and status: `shortener.requests` (a count), and `shortener.request.mean_ms` and `.p99_ms` of this
 * worker (histograms, which the agent aggregates over all workers). Reads the existing counters, so requests cost no more.
 * Lost packets are not sent again; the first error is logged. Returns a function that sends the rest and stops.
 */
export function sendTraffic(traffic: Traffic, { host, port }: AgentAddress, log: (line: string) => void) {
  let hasWarned = false;
  const client = new StatsD({
    host,
    port,
    prefix: 'shortener.',
    cacheDns: true,
    includeDatadogTelemetry: false,
    // Fits into one packet on any network.
    maxBufferSize: 1432,
    errorHandler: (error) => {
      if (!hasWarned) log(`Cannot send metrics to the Datadog agent at ${host}:${port}: ${error.message}`);
      hasWarned = true;
    },
  });
  const before = new Map<Tally, Pick<Tally, 'count' | 'totalS' | 'buckets'>>();
  const send = (): void => {
    for (const tally of traffic.tallies()) {
      const last = before.get(tally) ?? { count: 0, totalS: 0, buckets: [] };
      const count = tally.count - last.count;
      if (count === 0) continue;
      const tags = { method: tally.method, route: tally.route, status: String(tally.status) };
      const buckets = tally.buckets.map((all, at) => all - (last.buckets[at] ?? 0));
      client.increment('requests', count, tags);
      client.histogram('request.mean_ms', (1000 * (tally.totalS - last.totalS)) / count, tags);
      client.histogram('request.p99_ms', 1000 * percentileS(buckets, 0.99), tags);
      before.set(tally, { count: tally.count, totalS: tally.totalS, buckets: [...tally.buckets] });
    }
  };
  const timer = setInterval(send, INTERVAL_MS).unref();
  return async (): Promise<void> => {
    clearInterval(timer);
    send();
    await new Promise<void>((resolve) => client.close(() => resolve()));
  };
}

/** Interpolates linearly within the bucket; a value above all buckets is given as the last bound. */
function percentileS(buckets: readonly number[], share: number): number {
  const rank = share * buckets.reduce((sum, each) => sum + each, 0);
  let below = 0;
  for (const [at, inBucket] of buckets.entries()) {
    if (inBucket > 0 && below + inBucket >= rank) {
      const low = BUCKETS_S[at - 1] ?? 0;
      const high = BUCKETS_S[at] ?? low;
      return low + ((rank - below) / inBucket) * (high - low);
    }
    below += inBucket;
  }
  return 0;
}
