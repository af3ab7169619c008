// Prometheus' `query_range` of CPU. A point of rate() covers the time before it, so it is stamped with its end.
import type { JsonObject } from '../json-object.ts';
import { UserError } from '../user-error.ts';
import { cpuInUse, isCpuPercent, memoryPercent, nameMetric } from './metric-name.ts';
import { type Draft, type Drafts, lineOfText, objectsOf, type TextOf } from './recorded-file.ts';

type Result = {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
};

/** `{data: {resultType: "matrix", result: [{metric, values: [[s, "value"]]}]}}`. Series of single CPUs are averaged. */
export function readRange(text: TextOf, document: JsonObject, file: string): Drafts {
  const { resultType, result: found } = document.data as { readonly resultType?: string; readonly result?: unknown };
  if (resultType !== 'matrix' || !Array.isArray(found))
    throw new UserError(
      `${file} is not an answer of query_range (its resultType is ${resultType}). Use /api/v1/query_range`,
    );
  const result = objectsOf(found, file, 'data.result').map(({ metric, values }, index): Result => {
    const points = objectsOf(values, file, `data.result[${index}].values`) as unknown as Result['values'];
    return { metric: (metric ?? {}) as Result['metric'], values: points };
  });
  if (result.length === 0) throw new UserError(`${file} has no series: Prometheus had no points for this query`);
  const hosts = [...new Set(result.map(({ metric }) => metric.instance ?? metric.nodename ?? ''))];
  if (hosts.length > 1)
    throw new UserError(
      `${file} has several instances (${hosts.slice(0, 3).join(', ')}). Query one: {instance="HOST:9100"}`,
    );
  const groups = new Map<string, Result[]>();
  for (const each of result) {
    const key = `${each.metric.__name__ ?? ''} ${each.metric.mode ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const means = [...groups.values()].map((group) => meanOf(group, text, file));
  const isShare = result.every(({ metric }) => metric.mode !== undefined && metric.cpu !== undefined);
  const drafts = inOneUnit(means, isShare);
  return { format: 'prometheus-range', ...(hosts[0] && { host: hosts[0] }), drafts };
}

/** Series of one query have one unit. Seconds of a mode per second of a single CPU are shares of 1. */
function inOneUnit(drafts: readonly Draft[], isShare: boolean): Draft[] {
  const unknown = drafts.filter(({ unitUnknown, metric }) => unitUnknown && isCpuPercent(metric));
  const highest = unknown.flatMap(({ values }) => values).reduce((a, b) => Math.max(a, b), 0);
  return drafts.map((draft) => {
    if (!draft.unitUnknown) return draft;
    if (!isShare || highest > 1.05) return { ...draft, highest };
    return { ...draft, unitUnknown: false, values: draft.values.map((value) => Math.min(100, 100 * value)) };
  });
}

const modes: Readonly<Record<string, string>> = {
  idle: 'system.cpu.idle',
  user: 'system.cpu.user',
  system: 'system.cpu.system',
  iowait: 'system.cpu.iowait',
  steal: 'system.cpu.stolen',
};

/** The mean over the CPUs of a group at each time. */
function meanOf(group: readonly Result[], text: TextOf, file: string): Draft {
  const labels = (group[0] as Result).metric;
  const isPerCpu = group.every(({ metric }) => metric.cpu !== undefined);
  if (group.length > 1 && !isPerCpu)
    throw new UserError(
      `${file} has ${group.length} series without a label to distinguish CPU from CPU. Query one series`,
    );
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { values } of group) {
    for (const [at, value] of values) {
      const number = Number(value);
      if (!Number.isFinite(number)) continue;
      const sum = sums.get(at) ?? { sum: 0, count: 0 };
      sums.set(at, { sum: sum.sum + number, count: sum.count + 1 });
    }
  }
  const stamps = [...sums.keys()];
  return {
    ...nameSeries(labels, file),
    statistic: 'avg',
    stamped: 'end',
    times: stamps.map((at) => at * 1000),
    values: [...sums.values()].map(({ sum, count }) => sum / count),
    placeOf: lineOfText(text, (index) => String(stamps[index])),
  };
}

function nameSeries(
  { mode, cpu, __name__: name = '' }: Result['metric'],
  file: string,
): Pick<Draft, 'metric' | 'inverted' | 'unitUnknown' | 'isSum'> {
  // What names no CPU can be a sum over all.
  const isSum = cpu === undefined && (mode !== undefined || name === '' || /sum/i.test(name));
  if (mode !== undefined) return { metric: modes[mode] ?? `system.cpu.${mode}`, unitUnknown: true, isSum };
  const named = name === '' ? cpuInUse : nameMetric(name);
  if (!named)
    throw new UserError(
      `${file}: ${name} is not a metric that headroom reads. Query 100 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100`,
    );
  return {
    metric: named.metric,
    unitUnknown: isCpuPercent(named.metric) || named.metric === memoryPercent,
    isSum,
    ...(named.inverted && { inverted: true }),
  };
}

const promtoolSeries = /^(\S*?)\{([^}]*)\} =>/;
const promtoolPoint = /^(\S+) @\[(\d+(?:\.\d+)?)\]$/;

/** Whether a text is what `promtool query range` prints. */
export function isPromtool(text: string): boolean {
  return promtoolSeries.test(text.trimStart());
}

/** `{instance="web:9100"} =>`, and a line like `12.5 @[1773306000]` for each point. */
export function readPromtool(text: string, file: string): Drafts {
  const result: { metric: Record<string, string>; values: [number, string][] }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, name, labels] = promtoolSeries.exec(line) ?? [];
    if (labels !== undefined) {
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value] as const);
      result.push({ metric: { ...(name && { __name__: name }), ...Object.fromEntries(pairs) }, values: [] });
    }
    const [, value, at] = promtoolPoint.exec(line.trim().replace(/^.*=> /, '')) ?? [];
    if (value !== undefined) result.at(-1)?.values.push([Number(at), value]);
  }
  return readRange(() => text, { data: { resultType: 'matrix', result } }, file);
}
