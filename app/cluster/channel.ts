import type { MetricSnapshot } from '../telemetry/metrics.ts';
import type { AppUsage } from '../telemetry/usage.ts';

/** What a worker asks the primary, because only the primary knows about all workers. */
export type Question =
  | { readonly about: 'metrics' }
  /** May this address create one more link? The answer is the seconds to wait, 0 for yes. */
  | { readonly about: 'creation'; readonly address: string };

/** What a worker says to the primary. */
export type FromWorker =
  /** It has loaded its program and waits for `start`. */
  | { readonly type: 'loaded' }
  /** The data are ready for the other workers, too. */
  | { readonly type: 'prepared' }
  | { readonly type: 'listening'; readonly url: string }
  /** It cannot start, for a reason that the message explains to whoever started the app. */
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'question'; readonly id: number; readonly question: Question }
  | { readonly type: 'snapshot'; readonly id: number; readonly snapshot: MetricSnapshot }
  /** A link was removed; every other worker must forget it. */
  | { readonly type: 'forgotten'; readonly code: string }
  | AppUsage;

/** What the primary says to a worker. */
export type ToWorker =
  /** Open the store and listen; the one that is told to prepares the data for all. */
  | { readonly type: 'start'; readonly prepare: boolean }
  | { readonly type: 'drain' }
  | { readonly type: 'sweep' }
  | { readonly type: 'forget'; readonly code: string }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'collect'; readonly id: number };
