// report.json: the run, what was observed, and what they come to. All pages are made of this record and nothing else.
import * as z from 'zod';
import { alarmsSchema } from '../../model/alarms.ts';
import { observedSchema } from '../../model/observed.ts';
import { runRecordSchema } from '../../model/run-record.ts';
import { curveSchema } from '../series/curve.ts';
import { timelineSchema } from '../series/timeline.ts';
import { judgedSchema } from './judged.ts';

export const reportSchema = z.object({
  schemaVersion: z.literal(2),
  judged: judgedSchema,
  timeline: timelineSchema,
  /** Latency by percentile of some of the measured stages. */
  curves: z.array(curveSchema),
  run: runRecordSchema,
  /** Absent when the host was not observed. */
  observed: observedSchema.exactOptional(),
  /** Absent when the monitors were not evaluated. */
  alarms: alarmsSchema.exactOptional(),
});
export type Report = z.infer<typeof reportSchema>;
