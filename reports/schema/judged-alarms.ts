// What a report states about the monitors.
import * as z from 'zod';
import { findingSchema } from '../../model/finding.ts';

/** A time in Alert in seconds since the run began; without an end it lasted beyond the run. */
const spanSchema = z.object({ fromS: z.number(), toS: z.number().exactOptional() });
export type Span = z.infer<typeof spanSchema>;

const judgedAlarmSchema = z.object({
  key: z.string(),
  query: z.string(),
  /** Evaluated over what the run recorded. */
  backtest: z.object({
    result: z.enum(['alert', 'warning', 'silent', 'no-data']),
    alerts: z.array(spanSchema),
    /** The first change to Alert, or else to Warn, in seconds since the run began. */
    firstS: z.number().exactOptional(),
    why: findingSchema,
  }),
  /** What Datadog did; absent when no drill was held. */
  drill: z
    .object({
      mustFire: z.boolean(),
      fired: z.boolean(),
      firedAfterS: z.number().exactOptional(),
      recovered: z.boolean(),
      recoveredAfterS: z.number().exactOptional(),
      /** In seconds since the run began. */
      breachedS: z.number().exactOptional(),
      alert: spanSchema.exactOptional(),
      reason: findingSchema.exactOptional(),
    })
    .exactOptional(),
});
export type JudgedAlarm = z.infer<typeof judgedAlarmSchema>;

export const judgedAlarmsSchema = z.object({
  /** The name under which the monitors know the host. */
  host: z.string(),
  monitors: z.array(judgedAlarmSchema),
  /** How to read them. */
  notes: z.array(findingSchema),
});
export type JudgedAlarms = z.infer<typeof judgedAlarmsSchema>;
