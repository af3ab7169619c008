// Files of `metrics pull`, and answers of Datadog's query API. A point is stamped with the begin of its bucket.
import type { JsonObject } from '../json-object.ts';
import { modelFinding } from '../messages.ts';
import { UserError } from '../user-error.ts';
import { opposite } from './finish-draft.ts';
import { nameMetric, statisticOf } from './metric-name.ts';
import { hostOfQuery, idleIn, metricOfQuery } from './metric-query.ts';
import {
  type Draft,
  type Drafts,
  lineOfText,
  listOf,
  objectsOf,
  type Statistic,
  type TextOf,
} from './recorded-file.ts';

/** `{host, series: [{metric, query, intervalS, points: [[iso, value]]}]}`. Of `asked`, when the file has that host, else of the host that the file is about. */
export function readPull(document: JsonObject, file: string, asked?: string): Drafts {
  const { host, instanceType } = document;
  if (typeof host !== 'string') throw invalid(file, 'host', 'is not a text');
  const all = objectsOf(document.series, file, 'series');
  const hosts = all.map(({ query }) => hostOfQuery(idleIn(String(query ?? '')) ?? String(query ?? '')));
  const wanted = asked !== undefined && hosts.some((each) => isSame(each, asked)) ? asked : host;
  const left: string[] = [];
  const drafts = all.flatMap((series, index): Draft[] => {
    const query = String(series.query ?? '');
    const draft = pulledDraft(series, `series.${index}`, file);
    // A file that was made by hand may say no more than the metric.
    const named = query.includes('{') ? nameValues(query) : { metric: draft.metric };
    const isOfHost = !query.includes('{') || isSame(hosts[index], wanted);
    if (!named || !isOfHost) {
      left.push(query);
      return [];
    }
    return [{ ...draft, ...named }];
  });
  if (drafts.length === 0 && left.length > 0)
    throw new UserError(
      `${file} has no metric of the host ${wanted} itself, only ${left.slice(0, 3).join('; ')}. Pull it as {host:${wanted}}, without arithmetic`,
    );
  return {
    format: 'metrics-pull',
    host: wanted,
    ...(typeof instanceType === 'string' && wanted === host && { instanceType }),
    drafts,
    ...(left.length > 0 && { notes: [modelFinding('not-of-the-host', { file, host: wanted, queries: left })] }),
  };
}

function pulledDraft({ metric, query, intervalS, points }: JsonObject, at: string, file: string): Draft {
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
  const statistic = statisticOfQuery(String(query ?? ''), intervalS);
  return { metric, statistic, stamped: 'begin', intervalS, times, values, placeOf: (place) => `${at}.points.${place}` };
}

/** Datadog keeps tags in lower case. */
function isSame(host: string | undefined, wanted: string): boolean {
  return host?.toLowerCase() === wanted.toLowerCase();
}

function invalid(file: string, field: string, what: string): UserError {
  return new UserError(`${file} is not a file of \`metrics pull --out\`: field ${field} ${what}`);
}

/** The agent sends a point every 15 s: the highest of a bucket that short is its only one. */
const agentIntervalS = 15;

function statisticOfQuery(query: string, intervalS: number): Statistic {
  if (intervalS <= agentIntervalS) return 'avg';
  const idle = idleIn(query);
  // Without one Datadog takes the mean over time, whatever the aggregation across series.
  const [, rollup = 'avg'] = /\.\s*rollup\s*\(\s*['"]?([a-z]\w*)/.exec(query) ?? [];
  const found = statisticOf(rollup) ?? 'avg';
  // The lowest idle time is the highest use.
  return idle === undefined ? found : opposite(found);
}

/** `{series: [{metric, expression, interval, scope, pointlist: [[ms, value]]}]}`; empty buckets are null. */
export function readQuery(text: TextOf, document: JsonObject, file: string): Drafts {
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
    const scale = scaleOf(series.unit);
    return {
      ...named,
      statistic: statisticOfQuery(expression, interval),
      stamped: 'begin',
      ...(interval > 0 && { intervalS: interval }),
      times: points.map(([at]) => (at < latestSeconds ? at * 1000 : at)),
      values: points.map(([, value]) => value * scale),
      placeOf: lineOfText(text, (index) => String(points[index]?.[0])),
    };
  });
  return { format: 'datadog-query', ...(host !== undefined && { host }), drafts };
}

/** A time below is in seconds: in milliseconds it would be of 1973. */
const latestSeconds = 1e11;

/** The agent sends memory in MiB: `[{family: "bytes", scale_factor: 1048576}, null]`. */
function scaleOf(unit: unknown): number {
  const [{ family, scale_factor: scale } = {} as JsonObject] = Array.isArray(unit)
    ? unit.map((each) => each ?? {})
    : [];
  return family === 'bytes' && typeof scale === 'number' && scale > 0 ? scale : 1;
}

function nameQuery(metric: string, expression: string): Pick<Draft, 'metric' | 'inverted'> | undefined {
  const values = nameValues(expression);
  if (values?.inverted) return values;
  const plain = values?.metric ?? (expression === '' ? metric : undefined);
  if (plain === undefined) return undefined;
  if (/^(system|aws)\.[a-z0-9_.]+$/.test(plain)) return { metric: plain };
  const named = nameMetric(plain);
  return named && { metric: named.metric, ...(named.inverted && { inverted: true }) };
}

/** What the values of a query are: a metric, or for `100 - system.cpu.idle` CPU in use; undefined for anything else that was computed. */
function nameValues(query: string): Pick<Draft, 'metric' | 'inverted'> | undefined {
  if (idleIn(query) !== undefined) return { metric: 'system.cpu.idle', inverted: true };
  const metric = metricOfQuery(query);
  return metric === undefined ? undefined : { metric };
}
