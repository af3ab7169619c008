// When the next stage of shards begins: each harness must have ended its own part by then, without asking the others.

import { graceMs } from '../engines/drain.ts';
import { longestLeadMs } from './run-stage.ts';

/** For the records to be made, and for clocks that differ a little. */
const slackMs = 1000;

/** In ms since 1970, like `startAt` of the stage before: after its lead, its seconds and the longest wait for late answers. */
export function nextShardStart(startAt: number, durationS: number, timeoutS: number): number {
  return startAt + longestLeadMs + durationS * 1000 + graceMs(timeoutS) + slackMs;
}
