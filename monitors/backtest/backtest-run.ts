// The series of a run folder that a backtest evaluates.
import type { RunRecord } from '../../model/run-record.ts';
import type { Line } from '../../model/second.ts';
import { collectSamples } from '../collectors/observed/host-samples.ts';
import { instanceSamples } from '../collectors/observed/instance-samples.ts';
import { createLoadIntervals, createLoadSeries } from '../query/load-series.ts';
import { type RecordedSeries, seriesOfSamples } from '../query/recorded-series.ts';
import type { Breach } from './sweep.ts';

/**
 * The host's and the load's series of a run; of an emulated instance those of the instance. `host` is the host's name in the monitors;
 * `primary` is the source that thresholds are judged by.
 */
export async function seriesOfRun(
  run: RunRecord,
  lines: AsyncIterable<Line>,
  host: string,
  primary?: string,
): Promise<RecordedSeries[]> {
  const series = createLoadSeries(host);
  const intervals = createLoadIntervals(series.add);
  const { samples, load } = await collectSamples(lines, intervals.add);
  intervals.rest();
  return [...seriesOfSamples(instanceSamples(run, samples, load) ?? samples, host, primary), ...series.all()];
}

/** The measured stages from the one on in which throughput stopped rising; empty when the run found no saturation. */
export function breachesOfRun({ stages, saturation }: RunRecord): Breach[] {
  const first = stages.findIndex(({ name }) => name === saturation?.stage);
  if (first < 0) return [];
  const loaded = stages.filter(({ role }, index) => index >= first && role === 'measured');
  return loaded.flatMap(({ startedAt, finishedAt }) => (finishedAt ? [{ from: startedAt, to: finishedAt }] : []));
}
