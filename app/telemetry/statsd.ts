// What the requests were, to the Datadog agent on this or another host: by DogStatsD, a batch every ten seconds.
import { StatsD } from 'hot-shots';
import { BUCKETS_S, type Tally, type Traffic } from './traffic.ts';

/** Where the agent listens for UDP. */
export interface AgentAddress {
  readonly host: string;
  readonly port: number;
}

/** The agent adds up what comes in ten seconds; more often would say no more. */
const INTERVAL_MS = 10_000;

/**
 * Sends, by method, route and status: `shortener.requests` (a count), and `shortener.request.mean_ms` and `.p99_ms` of this worker
 * (histograms, of which the agent makes mean and maximum over all workers). Reads the counters that there are, so a request costs no more
 * than without. What is lost on the way is lost; the first trouble is logged. Returns how to send the rest and stop.
 */
export function sendTraffic(traffic: Traffic, { host, port }: AgentAddress, log: (line: string) => void) {
  let isTold = false;
  const client = new StatsD({
    host,
    port,
    prefix: 'shortener.',
    cacheDns: true,
    includeDatadogTelemetry: false,
    // As much as a packet holds on any network.
    maxBufferSize: 1432,
    errorHandler: (error) => {
      if (!isTold) log(`Metrics do not reach the Datadog agent at ${host}:${port}: ${error.message}`);
      isTold = true;
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

/** As even as can be within its bucket; of what is slower than all buckets only the last bound is known. */
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
