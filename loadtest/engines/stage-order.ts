// What the coordinator asks of a generator: one stage of load.
import type { Route } from '../../model/profile.ts';
import type { PackedRequests } from '../replay/request-table.ts';
import type { WalkPlan } from '../walks/read-walk.ts';
import type { ArrivalPlan } from './timing/arrivals.ts';

/** A walk, whose steps are the routes. Of the rows this generator takes number `first`, and every so many after it. */
export type WalkOrder = WalkPlan & { readonly first: number; readonly every: number };

export type ClosedOrder = {
  readonly kind: 'closed';
  /** See LoadPlan. */
  readonly polls?: boolean;
  /** Number of the stage in the run. */
  readonly stage: number;
  readonly generator: number;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly routes: readonly Route[];
  readonly connections: number;
  readonly durationS: number;
  readonly timeoutS: number;
  /** Takes any certificate; only with think time, since autocannon never verifies one (P25). */
  readonly insecure: boolean;
  /** The target closes a connection after its response: none is opened ahead of users. */
  readonly closesEach?: boolean;
  /** Pause of each connection between an answer and its next request. */
  readonly thinkTimeS?: number;
  readonly walk?: WalkOrder;
};

export type OpenOrder = ArrivalPlan & {
  readonly kind: 'open';
  /** See LoadPlan. */
  readonly polls?: boolean;
  /** Number of the stage in the run. */
  readonly stage: number;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly routes: readonly Route[];
  /** When the schedule begins, in ms since 1970: the same for all generators. */
  readonly startAt: number;
  /** Of this generator: how many requests it may have in flight. */
  readonly maxConnections: number;
  readonly timeoutS: number;
  /** Takes any certificate. */
  readonly insecure: boolean;
  /** The target closes a connection after its response: none is opened ahead. */
  readonly closesEach?: boolean;
  /** Share of requests, 0 to 1, that carry a trace context. */
  readonly trace?: number;
  /** Each arrival begins one. */
  readonly walk?: WalkOrder;
};

/** The requests of a log at their own moments. */
export type ReplayOrder = Omit<OpenOrder, 'kind' | 'routes' | 'walk' | 'arrivalRatePerS' | 'arrivals' | 'seed'> & {
  readonly kind: 'replay';
  readonly requests: PackedRequests;
  /** Of the patterns of paths; of each request the number of its own. */
  readonly names: readonly string[];
  readonly nameOf: Uint8Array;
  /** Of this generator alone: seconds since the begin, and which request. */
  readonly atS: Float64Array;
  readonly request: Uint32Array;
  /** Of all generators together. */
  readonly peakPerS: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Of methods that have one. `{n}` in it is the number of the arrival. */
  readonly bodies: Readonly<Record<string, string>>;
};

export type StageOrder = ClosedOrder | OpenOrder | ReplayOrder;
