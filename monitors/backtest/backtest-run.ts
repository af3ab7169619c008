// The series that a backtest evaluates: of a run folder, or of a file of `metrics pull`.
import { checked } from '../../model/checked.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { HostLine, Line } from '../../model/second.ts';
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

/** The series of what `metrics pull --out` wrote to a file. Throws a UserError that names the invalid field. */
export function seriesOfPullFile(value: unknown, file: string) {
  const pulled = checked(value, pullDocumentSchema, `${file} is not a file of \`metrics pull --out\``);
  return { host: pulled.host, series: seriesOfPull(pulled) };
}
