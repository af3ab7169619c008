// What the coordinator asks of a generator: one stage of constant load.
import type { Route } from '../model/profile.ts';

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
};

export type StageOrder = ClosedOrder;
