// One stage as orders to the generators: who sends which part of it.
import type { Route } from '../../model/profile.ts';
import type { ArrivalRate } from '../../model/second.ts';
import type { ClosedStage } from '../../model/stage-kinds/closed.ts';
import type { OpenStage } from '../../model/stage-kinds/open.ts';
import type { ClosedOrder, OpenOrder } from '../engines/stage-order.ts';
import type { WalkPlan } from '../walks/read-walk.ts';

/** What every order of a stage is made from. */
export type OrderContext = {
  readonly stage: number;
  readonly origin: string;
  readonly routes: readonly Route[];
  /** Its steps are the routes. */
  readonly walk?: WalkPlan;
  readonly timeoutS: number;
  readonly insecure: boolean;
  readonly closesEach?: boolean;
  readonly polls?: boolean;
  /** Share of the requests of open stages that carry a trace context. */
  readonly trace?: number;
  readonly seed: number;
  /** Of this harness. */
  readonly generators: number;
  /** This harness is one of `shards` that run the profile together. */
  readonly shard: { readonly index: number; readonly of: number };
};

/** Connections dealt evenly; a generator without one gets no order. */
export function closedOrders(context: OrderContext, asked: ClosedStage): ClosedOrder[] {
  const { stage, origin, routes, timeoutS, shard } = context;
  const connections = shareOf(asked.connections, shard.index, shard.of);
  const workers = Math.min(context.generators, connections);
  return Array.from({ length: workers }, (_, generator) => ({
    kind: 'closed' as const,
    stage,
    generator,
    origin,
    routes,
    connections: shareOf(connections, generator, workers),
    durationS: asked.durationS,
    timeoutS,
    insecure: context.insecure,
    ...(context.closesEach && { closesEach: true }),
    ...(context.polls && { polls: true }),
    ...(asked.thinkTimeS !== undefined && { thinkTimeS: asked.thinkTimeS }),
    ...walkOf(context, generator, workers),
  }));
}

/**
 * One schedule of arrivals dealt round over the shards, and each shard's part over its own generators: what a shard sends does not
 * depend on how many generators the others have. `startAt`: when the stage begins, in ms since 1970.
 */
export function openOrders(context: OrderContext, asked: OpenStage, startAt: number): OpenOrder[] {
  const { stage, origin, routes, timeoutS, insecure, closesEach, polls, trace, shard } = context;
  const connections = shareOf(asked.maxConnections, shard.index, shard.of);
  const workers = Math.min(context.generators, Math.max(1, connections));
  return Array.from({ length: workers }, (_, generator) => ({
    kind: 'open' as const,
    stage,
    generator: shard.index + shard.of * generator,
    generators: shard.of * workers,
    origin,
    routes,
    startAt,
    durationS: asked.durationS,
    arrivalRatePerS: rampOf(asked),
    arrivals: asked.arrivals,
    // Stages of one run must not repeat each other's arrivals.
    seed: context.seed + stage,
    maxConnections: shareOf(connections, generator, workers),
    timeoutS,
    insecure,
    ...(closesEach && { closesEach }),
    ...(polls && { polls }),
    ...(trace !== undefined && { trace }),
    ...walkOf(context, generator, workers),
  }));
}

/** Rows are dealt round as arrivals are. */
function walkOf({ walk, shard }: OrderContext, generator: number, workers: number): Pick<OpenOrder, 'walk'> {
  return walk ? { walk: { ...walk, first: shard.index + shard.of * generator, every: shard.of * workers } } : {};
}

/** The arrival rate at the begin and at the end of the stage. */
export function rampOf({ arrivalRatePerS }: OpenStage): ArrivalRate {
  return typeof arrivalRatePerS === 'number' ? { from: arrivalRatePerS, to: arrivalRatePerS } : arrivalRatePerS;
}

/** The n-th of `workers` whole shares that differ by 1 at most. */
export function shareOf(total: number, index: number, workers: number): number {
  return Math.floor(total / workers) + (index < total % workers ? 1 : 0);
}
