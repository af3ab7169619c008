import type { MetricSnapshot } from '../telemetry/metrics.ts';
import type { AppUsage } from '../telemetry/usage.ts';

/** A question of a worker that needs the state of all workers, which only the primary has. */
export type Question =
  | { readonly about: 'metrics' }
  /** May this address create one more link? The answer is the number of seconds to wait; 0 means yes. */
  | { readonly about: 'creation'; readonly address: string };

/** Messages from a worker to the primary. */
export type FromWorker =
  /** The program is loaded; the worker waits for `start`. */
  | { readonly type: 'loaded' }
  /** The data are ready; the other workers may start. */
  | { readonly type: 'prepared' }
  | { readonly type: 'listening'; readonly url: string }
  /** The worker cannot start; the message says what the operator has to change. */
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'question'; readonly id: number; readonly question: Question }
  | { readonly type: 'snapshot'; readonly id: number; readonly snapshot: MetricSnapshot }
  /** A link was removed; every other worker must forget it. */
  | { readonly type: 'forgotten'; readonly code: string }
  | AppUsage;

/** Messages from the primary to a worker. */
export type ToWorker =
  /** Open the store and listen. The worker with `prepare` seeds the store first. */
  | { readonly type: 'start'; readonly prepare: boolean }
  | { readonly type: 'drain' }
  | { readonly type: 'sweep' }
  | { readonly type: 'forget'; readonly code: string }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'collect'; readonly id: number };
