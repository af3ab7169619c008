// alarms.json: whether the monitors would have fired in the run (backtest), and what they did in it (drill). It refers to the run and
// adds nothing to it.
import * as z from 'zod';
import { type Finding, findingSchema } from './finding.ts';

const transitionSchema = z.object({
  at: z.iso.datetime(),
  from: z.string(),
  to: z.string(),
  /** Of the window; absent when it held no point. */
  value: z.number().exactOptional(),
  why: findingSchema,
  /** Of a grouped query. */
  group: z.string().exactOptional(),
});

/** Which thresholds would have caught the breaches and nothing else. */
const sweepSchema = z.object({
  /** Any threshold from the quiet side of `quiet` (excluded) up to `worst` (included, as far as the comparison includes it). */
  catches: z.object({ quiet: z.number().exactOptional(), worst: z.number(), suggested: z.number() }).exactOptional(),
  /** Why no threshold does. */
  why: findingSchema.exactOptional(),
});

/** One monitor over recorded series. */
const backtestedMonitorSchema = z.object({
  key: z.string(),
  name: z.string(),
  query: z.string(),
  transitions: z.array(transitionSchema),
  /** How often it was evaluated with data. */
  evaluations: z.number().int().nonnegative(),
  /** The value nearest to firing; absent without data. */
  worst: z.number().exactOptional(),
  /** Of its values; absent when they have none. */
  unit: z.string().exactOptional(),
  /** Why it was never evaluated. */
  noData: findingSchema.exactOptional(),
  /** Length of its window in seconds. */
  windowS: z.number().positive().exactOptional(),
  /** Only when the time of the saturation is known. */
  sweep: sweepSchema.exactOptional(),
});
export type BacktestedMonitor = z.infer<typeof backtestedMonitorSchema>;

/** Reasons about a record that has the metric. */
const unevaluated = [
  ...['datadog-only', 'metric-type-unknown', 'statistic-not-recorded', 'sum-of-coarse-points'],
  ...['roll-up-between-points', 'window-below-interval', 'intervals-differ', 'gaps-differ'],
  ...['shift-between-points', 'record-below-shift'],
];

/** What a monitor that was never evaluated lacks: the record has nothing of it, or has what cannot be evaluated. */
export function unevaluatedWords({ code }: Finding): 'no data' | 'not evaluated' {
  return unevaluated.includes(code) ? 'not evaluated' : 'no data';
}

/** One monitor in Datadog during the load. */
const drilledMonitorSchema = z.object({
  key: z.string(),
  /** Absent when Datadog does not have it. */
  id: z.number().int().exactOptional(),
  /** By the samples, or by the user. */
  mustFire: z.boolean(),
  fired: z.boolean(),
  /** From the end of the first breaching sample to Alert; absent when no sample breached before it. */
  firedAfterS: z.number().nonnegative().exactOptional(),
  recovered: z.boolean(),
  /** From the end of the last breaching sample to the end of the alert; absent when a sample breached after it. */
  recoveredAfterS: z.number().nonnegative().exactOptional(),
  breachedAt: z.iso.datetime().exactOptional(),
  firedAt: z.iso.datetime().exactOptional(),
  recoveredAt: z.iso.datetime().exactOptional(),
  /** Why it stayed silent though it had to fire, or what else was unexpected. */
  reason: findingSchema.exactOptional(),
});
export type DrilledMonitor = z.infer<typeof drilledMonitorSchema>;

export const alarmsSchema = z.object({
  schemaVersion: z.literal(2),
  /** The run's id. */
  run: z.string(),
  /** The name under which the monitors know the host. */
  host: z.string(),
  /** The emulated instance whose CPU and memory they were evaluated over; absent: those of the host. */
  instanceType: z.string().exactOptional(),
  backtest: z.array(backtestedMonitorSchema),
  /** Absent when no drill was held. */
  drill: z
    .object({
      monitors: z.array(drilledMonitorSchema),
      /** States that could not be read, and the like. */
      warnings: z.array(findingSchema),
    })
    .exactOptional(),
});
export type Alarms = z.infer<typeof alarmsSchema>;

/** A value of a monitor as text, to three digits, or more where three are those of the `limit`. With a unit at most four decimals; a ratio may be smaller. */
export function alarmValue(value: number, unit: string | undefined, limit?: number): string {
  const rounded = Number(value.toPrecision(3));
  const short = rounded === limit ? Number(value.toPrecision(5)) : rounded;
  return unit === undefined ? String(short) : `${Number(short.toFixed(4))} ${unit}`;
}
