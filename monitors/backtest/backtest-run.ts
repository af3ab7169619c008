// A backtest of what is on disk: a run, or a pull.
import * as z from 'zod';
import type { RunRecord } from '../../model/run-record.ts';
import type { HostLine, Line } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import type { PullDocument } from '../datadog/pull.ts';
import { createLoadIntervals, createLoadSeries } from '../query/load-series.ts';
import { type RecordedSeries, seriesOfPull, seriesOfSamples } from '../query/recorded-series.ts';
import type { Breach } from './sweep.ts';

/** The host's and the load's series of a run, under the name by which the monitors know the host; `primary` is the source that judges. */
export async function seriesOfRun(
  lines: AsyncIterable<Line>,
  host: string,
  primary?: string,
): Promise<RecordedSeries[]> {
  const samples: HostLine[] = [];
  const load = createLoadSeries(host);
  const intervals = createLoadIntervals(load.add);
  for await (const line of lines) {
    if (line.kind === 'host') samples.push(line);
    if (line.kind === 'load') intervals.add(line);
  }
  intervals.rest();
  return [...seriesOfSamples(samples, host, primary), ...load.all()];
}

/** When the machine was in trouble by the run's own record: from the stage on in which throughput stopped rising, as long as load was on. */
export function breachesOfRun({ stages, saturation }: RunRecord): Breach[] {
  const first = stages.findIndex(({ name }) => name === saturation?.stage);
  if (first < 0) return [];
  const loaded = stages.filter(({ role }, index) => index >= first && role === 'measured');
  return loaded.flatMap(({ startedAt, finishedAt }) => (finishedAt ? [{ from: startedAt, to: finishedAt }] : []));
}

const pullSchema = z.object({
  host: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  series: z.array(
    z.object({
      metric: z.string(),
      query: z.string(),
      unit: z.string(),
      intervalS: z.number().positive(),
      points: z.array(z.tuple([z.iso.datetime(), z.number()])),
    }),
  ),
  missing: z.array(z.string()),
});

/** The series of a file that `metrics pull --out` wrote; a UserError names the field that is wrong. */
export function seriesOfPullFile(
  text: string,
  file: string,
): { readonly host: string; readonly series: RecordedSeries[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const result = pullSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const field = issue?.path.join('.');
    throw new UserError(
      `${file} is not what \`metrics pull --out\` writes: ${field ? `field ${field} is wrong (${issue?.message})` : 'it holds no object'}`,
      { cause: result.error },
    );
  }
  const pulled: PullDocument = result.data;
  return { host: pulled.host, series: seriesOfPull(pulled) };
}
