// alarms.json: what the monitors would have made of the run (backtest), and what they did in it (drill). It refers to the run and
// adds nothing to it.
import * as z from 'zod';

const transitionSchema = z.object({
  at: z.iso.datetime(),
  from: z.string(),
  to: z.string(),
  /** Of the window; absent when it held no point. */
  value: z.number().exactOptional(),
  why: z.string(),
  /** Of a query that is grouped. */
  group: z.string().exactOptional(),
});

/** Which thresholds would have caught the breaches and nothing else. */
export const sweepSchema = z.object({
  /** Any threshold from the quiet side of `quiet` (excluded) up to `worst` (included, as far as the comparison includes it). */
  catches: z.object({ quiet: z.number().exactOptional(), worst: z.number(), suggested: z.number() }).exactOptional(),
  /** Why no threshold does. */
  why: z.string().exactOptional(),
});

/** One monitor over recorded series. */
export const backtestedMonitorSchema = z.object({
  key: z.string(),
  name: z.string(),
  query: z.string(),
  transitions: z.array(transitionSchema),
  /** How often it was evaluated with data. */
  evaluations: z.number().int().nonnegative(),
  /** The value nearest to firing; absent without data. */
  worst: z.number().exactOptional(),
  /** Of its values, as it is written behind them; absent when they have none. */
  unit: z.string().exactOptional(),
  /** Why it was never evaluated. */
  noData: z.string().exactOptional(),
  /** Length of its window in seconds. */
  windowS: z.number().positive().exactOptional(),
  /** Only when it is known when the machine was in trouble. */
  sweep: sweepSchema.exactOptional(),
});
export type BacktestedMonitor = z.infer<typeof backtestedMonitorSchema>;

/** One monitor of Datadog's while the load was on. */
export const drilledMonitorSchema = z.object({
  key: z.string(),
  /** Absent when Datadog does not have it. */
  id: z.number().int().exactOptional(),
  /** The samples, or the user, say that it had to. */
  mustFire: z.boolean(),
  fired: z.boolean(),
  /** From the end of the first breaching sample to Alert; absent when no sample breached. */
  firedAfterS: z.number().exactOptional(),
  recovered: z.boolean(),
  /** From the end of the last breaching sample to the end of the alert. */
  recoveredAfterS: z.number().exactOptional(),
  breachedAt: z.iso.datetime().exactOptional(),
  firedAt: z.iso.datetime().exactOptional(),
  recoveredAt: z.iso.datetime().exactOptional(),
  /** Why it stayed silent though it had to fire, or what else is odd. */
  reason: z.string().exactOptional(),
});
export type DrilledMonitor = z.infer<typeof drilledMonitorSchema>;

export const alarmsSchema = z.object({
  schemaVersion: z.literal(1),
  /** The run's id. */
  run: z.string(),
  /** The name under which the monitors know the host. */
  host: z.string(),
  backtest: z.array(backtestedMonitorSchema),
  /** Absent when no drill was held. */
  drill: z
    .object({
      monitors: z.array(drilledMonitorSchema),
      /** Looks at the monitors that failed, and the like. */
      warnings: z.array(z.string()),
    })
    .exactOptional(),
});
export type Alarms = z.infer<typeof alarmsSchema>;

/** A value of a monitor in words, to four digits. In a unit nothing behind the fourth decimal matters; a ratio may be that small. */
export function alarmValue(value: number, unit: string | undefined): string {
  const short = Number(value.toPrecision(4));
  return unit === undefined ? String(short) : `${Number(short.toFixed(4))} ${unit}`;
}
