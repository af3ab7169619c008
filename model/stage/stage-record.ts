// What a stage came to.
import * as z from 'zod';
import { blockSchema } from '../block.ts';
import { findingSchema } from '../finding.ts';
import { latencySchema } from '../latency/latency-schema.ts';
import { differingSchema, outcomesSchema, stageBegin } from '../second.ts';
import { tracesSchema } from '../traces.ts';
import { walksSchema } from '../walk.ts';
import { commandSchema } from './command-record.ts';

const count = z.number().int().nonnegative();

export const stageRecordSchema = z.object({
  kind: z.enum(['idle', 'closed', 'open']),
  ...stageBegin,
  /** Absent when the stage was cut off with the harness. */
  finishedAt: z.iso.datetime().exactOptional(),
  /** Measured seconds of load; of an idle stage its length. */
  durationS: z.number().nonnegative(),
  requests: z.object({
    /** That the stage wanted to start; a closed stage wants what it sends. */
    intended: count,
    sent: count,
    /** Answered, with whatever status. */
    completed: count,
    /** Intended, never sent: every connection was taken. */
    dropped: count,
    /** Intended, never sent: the generator came to them too late; absent where there are none, and so is the next. */
    late: count.exactOptional(),
    /** Sent once more, as their connection ended before it can have brought them. */
    repeated: count.exactOptional(),
    /** Sent, and without answer when the stage ended. */
    open: count,
  }),
  outcomes: outcomesSchema,
  statusCounts: z.record(z.string(), count),
  /** By route: answers as expected, other answers, and the latency of the expected ones. */
  routes: z.record(z.string(), z.object({ ok: count, failed: count, latencyUs: latencySchema.exactOptional() })),
  /** Completions per second of load; what an open stage gets answered after its end is not in it. */
  throughputPerS: z.number().nonnegative(),
  /** Of expected answers, with time-outs at their age: from the intended start in an open stage, from the send in a closed one. */
  latencyUs: latencySchema.exactOptional(),
  /** Of an open stage: the same requests from the actual send, as a tool that waits for its turn would show them. */
  rawLatencyUs: latencySchema.exactOptional(),
  /** Of an open stage: from intended to actual start, in the seconds that `latencyUs` is of. What the generator itself adds to it. */
  scheduleLagUs: latencySchema.exactOptional(),
  /** The same of its first second alone, in which a generator that is not warm shows. */
  firstSecondLagUs: latencySchema.exactOptional(),
  /** Of an open stage, over all generators: time in which the machine did not run them, and in which they ran something else than requests. */
  pauses: z.object({ stalledS: z.number().nonnegative(), pausedS: z.number().nonnegative() }).exactOptional(),
  /** Bytes of HTTP messages, heads and chunk sizes included, before TLS; absent in older records, and so is the next. */
  bytes: z.object({ sent: count, received: count }).exactOptional(),
  /** Connections that were opened, and how long that took; of TLS handshakes, those that resumed a session, and how long they took. */
  keepAlive: z
    .object({
      opened: count,
      connectUs: latencySchema.exactOptional(),
      resumed: count.exactOptional(),
      handshakeUs: latencySchema.exactOptional(),
      /** That were to be open when the stage began, and were not; absent where all were. */
      unopened: count.exactOptional(),
      /** That brought what no request had asked for, and were closed; absent where none did. */
      unasked: count.exactOptional(),
    })
    .exactOptional(),
  /** Of an open stage: mean number of requests in flight. */
  inFlightMean: z.number().nonnegative().exactOptional(),
  /** Share of the time, 0 to 1, that the event loop of the busiest generator was busy; absent when idle, and in older records. */
  generatorUse: z.number().nonnegative().exactOptional(),
  /** Of answers with an unexpected status. */
  failedLatencyUs: latencySchema.exactOptional(),
  /** Of a replay: answers with another status than in the log, the most frequent first. */
  differing: z.array(differingSchema).exactOptional(),
  traces: tracesSchema.exactOptional(),
  walks: walksSchema.exactOptional(),
  /** Connection errors by code. */
  errors: z.record(z.string(), count),
  /** Where its warm-up ended, which latency and throughput leave out; absent for idle, warm-up, probe and ramp stages. */
  steady: z
    .object({
      cutS: z.number().nonnegative(),
      method: z.enum(['mser-5', 'fixed', 'none']),
      reason: findingSchema,
      steady: z.boolean(),
    })
    .exactOptional(),
  /** The command that ran beside it (`--during`). */
  command: commandSchema.exactOptional(),
  /** CPU time that the app's processes, and nginx in the path, used in its load; absent where they are not known. */
  appCpuS: z.number().nonnegative().exactOptional(),
  /** Of that, nginx's; absent where headroom started none. */
  nginxCpuS: z.number().nonnegative().exactOptional(),
  /** Of a stage that was measured in several visits: throughput and latency are those of its clean blocks. */
  blocks: z.array(blockSchema).exactOptional(),
  /** Why the stage ended early. */
  aborted: findingSchema.exactOptional(),
});
export type StageRecord = z.infer<typeof stageRecordSchema>;

/** Whether it is one of the few open blocks at the SLO, whose own search leaves out what cannot be trusted; not a probe of a capacity stage. */
export function isOpenBlock({ role, blocks }: Pick<StageRecord, 'role' | 'blocks'>): boolean {
  return role === 'probe' && blocks !== undefined;
}
