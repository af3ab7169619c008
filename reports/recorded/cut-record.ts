// A part of a record of CPU, and the same record with fewer points.
import { isCpuPercent } from '../../model/recorded/metric-name.ts';
import type { RecordedFile } from '../../model/recorded/recorded-file.ts';
import { UserError } from '../../model/user-error.ts';
import type { CpuRecord } from './cpu-record.ts';

/** The part of the record between two times; a UserError when nothing is in it. */
export function cutRecord(record: CpuRecord, fromMs: number | undefined, toMs: number | undefined): CpuRecord {
  const [from, to] = [fromMs ?? Number.NEGATIVE_INFINITY, toMs ?? Number.POSITIVE_INFINITY];
  const { begins, ends, used, peaks, stolen } = record;
  let [first, last] = [0, begins.length];
  while (first < last && (ends[first] as number) <= from) first++;
  while (last > first && (begins[last - 1] as number) >= to) last--;
  if (first === last) {
    const [begin, end] = [begins[0], ends.at(-1)].map((ms) => new Date(ms ?? 0).toISOString());
    throw new UserError(`--from and --to leave nothing of the record, which is from ${begin} to ${end}`);
  }
  const part = (values: Float64Array) => values.subarray(first, last);
  return {
    ...record,
    begins: withValue(part(begins), 0, Math.max(from, begins[first] as number)),
    ends: withValue(part(ends), last - first - 1, Math.min(to, ends[last - 1] as number)),
    used: part(used),
    ...(peaks && { peaks: part(peaks) }),
    ...(stolen && { stolen: part(stolen) }),
  };
}

/** The files with what lies between two times of all but the CPU, which is cut when it is joined. */
export function cutFiles(files: readonly RecordedFile[], fromMs: number | undefined, toMs: number | undefined) {
  const [from, to] = [fromMs ?? Number.NEGATIVE_INFINITY, toMs ?? Number.POSITIVE_INFINITY];
  if (fromMs === undefined && toMs === undefined) return files;
  return files.map((file) => ({
    ...file,
    metrics: file.metrics.flatMap((metric) => {
      if (isCpuPercent(metric.metric)) return metric;
      const first = metric.ends.findIndex((end) => end > from);
      const last = metric.begins.findLastIndex((begin) => begin < to) + 1;
      if (first < 0 || last <= first) return [];
      const part = (values: Float64Array) => values.subarray(first, last);
      return { ...metric, begins: part(metric.begins), ends: part(metric.ends), values: part(metric.values) };
    }),
  }));
}

function withValue(values: Float64Array, place: number, value: number): Float64Array {
  if (values[place] === value) return values;
  const changed = values.slice();
  changed[place] = value;
  return changed;
}

/** The record in at most about so many periods, each the mean of neighbours without a gap between them. */
export function coarsenRecord(record: CpuRecord, most: number): CpuRecord {
  const { begins, ends, used, peaks } = record;
  const step = Math.ceil(begins.length / most);
  if (step <= 1) return record;
  const rows: [begin: number, end: number, used: number, peak: number][] = [];
  for (let index = 0; index < begins.length; ) {
    const row: (typeof rows)[number] = [begins[index] as number, begins[index] as number, 0, 0];
    for (let taken = 0; taken < step && index < begins.length; taken++, index++) {
      if (taken > 0 && begins[index] !== row[1]) break;
      row[2] += (used[index] as number) * ((ends[index] as number) - (begins[index] as number));
      row[1] = ends[index] as number;
      row[3] = Math.max(row[3], peaks?.[index] ?? 0);
    }
    rows.push([row[0], row[1], row[2] / (row[1] - row[0]), row[3]]);
  }
  const { stolen: _, ...rest } = record;
  return {
    ...rest,
    begins: Float64Array.from(rows, ([begin]) => begin),
    ends: Float64Array.from(rows, ([, end]) => end),
    used: Float64Array.from(rows, ([, , mean]) => mean),
    ...(peaks && { peaks: Float64Array.from(rows, ([, , , peak]) => peak) }),
  };
}
