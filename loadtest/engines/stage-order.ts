// What the coordinator asks of a generator: one stage of load.
import type { Route } from '../../model/profile.ts';
import type { ArrivalPlan } from './arrivals.ts';

export type ClosedOrder = {
  readonly kind: 'closed';
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
};

export type OpenOrder = ArrivalPlan & {
  readonly kind: 'open';
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
};

export type StageOrder = ClosedOrder | OpenOrder;
