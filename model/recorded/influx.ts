// InfluxDB's line protocol, as Telegraf writes it. Telegraf's CPU use is that of the time before a point, so it is stamped with its end.
import { UserError } from '../user-error.ts';
import { createLines } from './csv-lines.ts';
import { cpuInUse, type NamedMetric, nameMetric } from './metric-name.ts';
import type { ReadTime } from './point-time.ts';
import type { Draft, Drafts } from './recorded-file.ts';

/** Measurement and tags, fields, time; a blank behind a backslash belongs to a name. */
const line = /^((?:[^\s,\\#]|\\.)+)((?:,(?:[^\s\\]|\\.)+)?) ((?:[^\s"\\]|\\.|"(?:[^"\\]|\\.)*")+)(?: (\d+))?\s*$/;

/** Whether a text is line protocol. */
export function isLineProtocol(text: string): boolean {
  const first = text
    .slice(0, 4000)
    .split(/\r?\n/)
    .find((each) => each.trim() !== '' && !each.startsWith('#'));
  const [, , , fields = ''] = line.exec(first ?? '') ?? [];
  return /^(?:[^\s=,\\]|\\.)+=/.test(fields);
}

type Series = NamedMetric & { readonly times: number[]; readonly values: number[]; readonly lines: number[] };

/** `cpu,cpu=cpu-total,host=web usage_idle=97.2,usage_iowait=0.1 1767571200000000000`. Lines of single CPUs are left out. */
export function readLineProtocol(text: string, file: string, readTime: ReadTime): Drafts {
  const byMetric = new Map<string, Series>();
  const hosts = new Set<string>();
  const lines = createLines(text);
  for (let each = lines.next(); each !== undefined; each = lines.next()) {
    if (each.trim() === '' || each.startsWith('#')) continue;
    const [, measurement = '', tags = '', fields, stamp = ''] = line.exec(each) ?? [];
    if (fields === undefined) throw new UserError(`${file} line ${lines.number()} is not InfluxDB's line protocol`);
    const [, cpu] = /,cpu=([^,]+)/.exec(tags) ?? [];
    if (cpu !== undefined && !/total|all/.test(cpu)) continue;
    const read = fields.split(',').flatMap((field) => readField(measurement, field));
    if (read.length === 0) continue;
    const at = readTime(stamp, undefined);
    if (at === undefined)
      throw new UserError(`${file} line ${lines.number()} has no time. Export the points with theirs`);
    const [, host] = /,host=([^,]+)/.exec(tags) ?? [];
    if (host !== undefined) hosts.add(host);
    for (const { named, value } of read) {
      const key = `${named.inverted ? '-' : ''}${named.metric}`;
      const series: Series = byMetric.get(key) ?? { ...named, times: [], values: [], lines: [] };
      byMetric.set(key, series);
      series.times.push(at);
      series.values.push(value);
      series.lines.push(lines.number());
    }
  }
  if (hosts.size > 1)
    throw new UserError(`${file} has several hosts (${[...hosts].slice(0, 3).join(', ')}). Keep the lines of one`);
  if (byMetric.size === 0)
    throw new UserError(`${file} has no CPU over all CPUs. Keep the lines of cpu,cpu=cpu-total with usage_idle`);
  const [host] = hosts;
  // usage_active says the same as usage_idle.
  if (byMetric.has(cpuInUse.metric)) byMetric.delete(`-${cpuInUse.metric}`);
  const drafts = [...byMetric.values()].map(
    ({ lines: numbers, ...series }): Draft => ({
      statistic: 'avg',
      ...series,
      stamped: 'end',
      placeOf: (place) => `line ${numbers[place]}`,
    }),
  );
  return { format: 'line-protocol', ...(host !== undefined && { host }), drafts };
}

/** The metric of a field, when it is one of the CPU or of the memory. */
function readField(
  measurement: string,
  field: string,
): readonly { readonly named: NamedMetric; readonly value: number }[] {
  const [name = '', text = ''] = field.split('=');
  // Fields like time_idle are counters.
  const isUse = /^(cpu|mem)$/.test(measurement) && !name.startsWith('time_');
  const named = isUse ? nameMetric(`${measurement} ${name}`) : undefined;
  const value = Number(text.replace(/[iu]$/, ''));
  return named && !Number.isNaN(value) ? [{ named, value }] : [];
}
