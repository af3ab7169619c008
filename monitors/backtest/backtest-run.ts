// The series that a backtest evaluates: of a run folder, or of a file of `metrics pull`.
import type { RunRecord } from '../../model/run-record.ts';
import type { HostLine, Line } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { createLoadIntervals, createLoadSeries } from '../query/load-series.ts';
import { pullDocumentSchema } from '../query/pull-document.ts';
import { type RecordedSeries, seriesOfPull, seriesOfSamples } from '../query/recorded-series.ts';
import type { Breach } from './sweep.ts';

/** The host's and the load's series of a run. `host` is the host's name in the monitors; `primary` is the source that thresholds are judged by. */
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

/** The measured stages from the one on in which throughput stopped rising; empty when the run found no saturation. */
export function breachesOfRun({ stages, saturation }: RunRecord): Breach[] {
  const first = stages.findIndex(({ name }) => name === saturation?.stage);
  if (first < 0) return [];
  const loaded = stages.filter(({ role }, index) => index >= first && role === 'measured');
  return loaded.flatMap(({ startedAt, finishedAt }) => (finishedAt ? [{ from: startedAt, to: finishedAt }] : []));
}

/** The series of a file that `metrics pull --out` wrote. Throws a UserError that names the invalid field. */
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
  const result = pullDocumentSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const field = issue?.path.join('.');
    throw new UserError(
      `${file} is not a file of \`metrics pull --out\`: ${field ? `field ${field}: ${issue?.message}` : 'it holds no object'}`,
      { cause: result.error },
    );
  }
  return { host: result.data.host, series: seriesOfPull(result.data) };
}
