// Files of `metrics pull`, and answers of Datadog's query API. A point is stamped with the begin of its bucket.
import { UserError } from '../user-error.ts';
import { nameMetric, statisticOf } from './metric-name.ts';
import { type Draft, type Drafts, type Json, lineOfText, listOf, objectsOf, type Statistic } from './recorded-file.ts';

/** `{host, series: [{metric, query, intervalS, points: [[iso, value]]}]}`. */
export function readPull(document: Json, file: string): Drafts {
  const { host, instanceType } = document;
  if (typeof host !== 'string') throw invalid(file, 'host', 'is not a text');
  const drafts = objectsOf(document.series, file, 'series').map((series, index): Draft => {
    const { metric, query, intervalS, points } = series;
    const at = `series.${index}`;
    if (typeof metric !== 'string') throw invalid(file, `${at}.metric`, 'is not a text');
    if (!(typeof intervalS === 'number' && intervalS > 0))
      throw invalid(file, `${at}.intervalS`, 'is not a number above 0');
    if (!Array.isArray(points)) throw invalid(file, `${at}.points`, 'is not a list');
    const times: number[] = [];
    const values: number[] = [];
    for (const [place, point] of (points as readonly unknown[]).entries()) {
      const [stamp, value] = Array.isArray(point) ? point : [];
      const ms = Date.parse(String(stamp));
      if (Number.isNaN(ms) || typeof value !== 'number')
        throw invalid(file, `${at}.points.${place}`, 'is not like ["2026-01-31T12:00:00.000Z", 12.5]');
      times.push(ms);
      values.push(value);
    }
    const placeOf = (place: number) => `${at}.points.${place}`;
    return {
      metric,
      statistic: statisticOfQuery(String(query ?? ''), intervalS),
      stamped: 'begin',
      intervalS,
      times,
      values,
      placeOf,
    };
  });
  return { format: 'metrics-pull', host, ...(typeof instanceType === 'string' && { instanceType }), drafts };
}

function invalid(file: string, field: string, what: string): UserError {
  return new UserError(`${file} is not a file of \`metrics pull --out\`: field ${field} ${what}`);
}

/** The agent sends a point every 15 s: the highest of a bucket that short is its only one. */
const agentIntervalS = 15;

function statisticOfQuery(query: string, intervalS: number): Statistic {
  if (intervalS <= agentIntervalS) return 'avg';
  const [, rollup] = /\.rollup\((\w+)/.exec(query) ?? [];
  return statisticOf(rollup ?? /^(\w+):/.exec(query)?.[1] ?? '') ?? 'avg';
}

/** `{series: [{metric, expression, interval, scope, pointlist: [[ms, value]]}]}`; empty buckets are null. */
export function readQuery(text: string, document: Json, file: string): Drafts {
  const all = objectsOf(document.series, file, 'series');
  if (all.length === 0) throw new UserError(`${file} has no series: Datadog had no points for this query`);
  const scopes = [...new Set(all.map(({ scope }) => String(scope ?? '')))];
  if (scopes.length > 1)
    throw new UserError(`${file} has several hosts (${scopes.slice(0, 3).join(', ')}). Query one: {host:NAME}`);
  const [, host] = /(?:^|,)host:([^,]+)/.exec(scopes[0] ?? '') ?? [];
  const drafts = all.map((series): Draft => {
    const expression = String(series.expression ?? series.metric ?? '');
    const named = nameQuery(String(series.metric ?? ''), expression);
    if (!named)
      throw new UserError(`${file}: ${expression} is not a metric that headroom reads. Query system.cpu.idle`);
    const points = listOf(series.pointlist, file, 'pointlist').filter(
      (point): point is readonly [number, number] =>
        Array.isArray(point) && typeof point[0] === 'number' && typeof point[1] === 'number',
    );
    const interval = Number(series.interval);
    return {
      ...named,
      statistic: statisticOfQuery(expression, interval),
      stamped: 'begin',
      ...(interval > 0 && { intervalS: interval }),
      times: points.map(([at]) => at),
      values: points.map(([, value]) => value),
      placeOf: lineOfText(text, (index) => String(points[index]?.[0])),
    };
  });
  return { format: 'datadog-query', ...(host !== undefined && { host }), drafts };
}

/** An expression like `100 - system.cpu.idle` is CPU in use. */
function nameQuery(metric: string, expression: string): Pick<Draft, 'metric' | 'inverted'> | undefined {
  if (/^\(?\s*100\s*-/.test(expression)) return { metric: 'system.cpu.idle', inverted: true };
  if (/^(system|aws)\.[a-z0-9_.]+$/.test(metric)) return { metric };
  const named = nameMetric(metric);
  return named && { metric: named.metric, ...(named.inverted && { inverted: true }) };
}
