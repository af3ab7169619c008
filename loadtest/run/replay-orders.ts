// A piece of a replay as orders to the generators.
import type { ArrivalRate } from '../../model/second.ts';
import type { ReplayStage } from '../../model/stage-kinds/replay.ts';
import type { ReplayOrder } from '../engines/stage-order.ts';
import type { Schedule } from '../replay/schedule.ts';
import { type SentRequests, selectRequests } from '../replay/select-requests.ts';
import type { ReplayPlan } from './load-plan.ts';
import { type OrderContext, shareOf } from './orders.ts';

/** So many requests of the log at these moments. */
export type ReplayPart = Pick<ReplayStage, 'kind' | 'name' | 'durationS' | 'maxConnections' | 'peakPerS' | 'warmUp'> & {
  readonly arrivals: Pick<Schedule, 'atS' | 'request'>;
  readonly cutS: number;
  readonly during?: never;
  readonly credits?: never;
};

/** What an order takes on its way to a generator, in bytes a millisecond. */
const bytesPerMs = 50_000;

/** Arrivals dealt round over the shards and their generators; how long the orders are on their way is in `transferMs`. */
export function replayOrders(
  context: OrderContext,
  asked: ReplayPart,
  { recording, headers, bodies }: ReplayPlan,
): { readonly orders: (startAt: number) => ReplayOrder[]; readonly transferMs: number } {
  const { stage, origin, timeoutS, insecure, closesEach, polls, trace, shard } = context;
  const connections = shareOf(asked.maxConnections, shard.index, shard.of);
  const workers = Math.min(context.generators, Math.max(1, connections));
  const { requests, names, nameOf, request } = selectRequests(recording, asked.arrivals.request);
  const orders = (startAt: number): ReplayOrder[] =>
    Array.from({ length: workers }, (_, worker) => {
      const [generator, generators] = [shard.index + shard.of * worker, shard.of * workers];
      const ofIt = (_: number, index: number): boolean => index % generators === generator;
      return {
        kind: 'replay' as const,
        stage,
        generator,
        generators,
        origin,
        requests,
        names,
        nameOf,
        atS: asked.arrivals.atS.filter(ofIt),
        request: request.filter(ofIt),
        peakPerS: asked.peakPerS,
        headers,
        bodies,
        startAt,
        durationS: asked.durationS,
        maxConnections: shareOf(connections, worker, workers),
        timeoutS,
        insecure,
        ...(closesEach && { closesEach }),
        ...(polls && { polls }),
        ...(trace !== undefined && { trace }),
      };
    });
  return { orders, transferMs: (workers * sizeOf({ requests, names, nameOf, request })) / bytesPerMs };
}

/** The mean arrival rate. */
export function meanRateOf({ arrivals, durationS }: ReplayPart): ArrivalRate {
  const mean = arrivals.atS.length / durationS;
  return { from: mean, to: mean };
}

function sizeOf({ requests, nameOf, request }: SentRequests): number {
  return requests.bytes.length + requests.begins.byteLength + nameOf.length * 4 + request.length * 12;
}
