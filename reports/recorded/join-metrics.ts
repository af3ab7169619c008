// One metric out of several files, as pages of it come.
import type { RecordedFile, RecordedMetric, Statistic } from '../../model/recorded/recorded-file.ts';
import { UserError } from '../../model/user-error.ts';

/** Mbit/s of each period, a series for each direction. */
export type NetworkRecord = { readonly series: readonly RecordedSeries[] };

export type RecordedSeries = Pick<RecordedMetric, 'begins' | 'ends' | 'values'>;

/** The metric in order of time; undefined when no file has it. Two files with different values at one time are a UserError. */
export function joinMetric(
  files: readonly RecordedFile[],
  metric: string,
  statistic: Statistic,
): RecordedSeries | undefined {
  const parts = files.flatMap(({ file, metrics }) =>
    metrics.filter((each) => each.metric === metric && each.statistic === statistic).map((each) => ({ ...each, file })),
  );
  const [only, ...others] = parts;
  if (!only || others.length === 0) return only;
  const points = parts.flatMap(({ begins, ends, values, file }) =>
    Array.from(begins, (begin, index) => ({ begin, end: ends[index] as number, value: values[index] as number, file })),
  );
  points.sort((a, b) => a.begin - b.begin);
  const kept: typeof points = [];
  for (const point of points) {
    const before = kept.at(-1);
    if (before?.begin === point.begin) {
      if (before.value !== point.value) throw conflict(metric, before, point);
      continue;
    }
    if (before && before.end > point.begin) before.end = point.begin;
    kept.push(point);
  }
  return {
    begins: Float64Array.from(kept, ({ begin }) => begin),
    ends: Float64Array.from(kept, ({ end }) => end),
    values: Float64Array.from(kept, ({ value }) => value),
  };
}

type Point = { readonly begin: number; readonly value: number; readonly file: string };

function conflict(metric: string, a: Point, b: Point): UserError {
  return new UserError(
    `${a.file} and ${b.file} differ at ${new Date(a.begin).toISOString()}: ${metric} is ${a.value} and ${b.value}. Give files of one machine, and for each time one period`,
  );
}
