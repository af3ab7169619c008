// Points in, series out: buckets aligned to the epoch, empty ones missing, nulls from arithmetic, no error for unknown hosts.
import { type Expression, parseExpression, type SeriesExpression, seriesOf } from '../../query/query-expression.ts';
import type { Answer, Routes } from './routes.ts';

type Stored = { metric: string; tags: string[]; points: [second: number, value: number][] };
type Submitted = { series: { metric: string; host?: string; tags?: string[]; points: [number, number][] }[] };

export function createMetrics() {
  const stored: Stored[] = [];
  const events: Record<string, unknown>[] = [];
  const hosts: { name: string; aliases: string[]; tags_by_source: Record<string, string[]> }[] = [];
  /** Points that are younger than this when asked for are not there yet. */
  const visible = { untilS: Number.POSITIVE_INFINITY };

  const routes: Routes = ({ method, path, query, body }) => {
    if (path === '/api/v1/series') {
      for (const { metric, host, tags = [], points } of (body as Submitted).series) {
        stored.push({ metric, tags: [...tags, ...(host ? [`host:${host}`] : [])], points });
      }
      return { status: 202, body: { status: 'ok' } };
    }
    if (path === '/api/v1/events' && method === 'POST') {
      events.push(body as Record<string, unknown>);
      return { status: 202, body: { status: 'ok', event: { id: 1, title: 'x', text: 'x' } } };
    }
    if (path === '/api/v1/hosts') {
      const filter = query.get('filter') ?? '';
      const found = hosts.filter((host) => [host.name, ...host.aliases].some((name) => name.includes(filter)));
      return { status: 200, body: { host_list: found, total_matching: found.length, total_returned: found.length } };
    }
    if (path === '/api/v1/query') return answerQuery(query);
    return undefined;
  };

  const answerQuery = (query: URLSearchParams): Answer => {
    const text = query.get('query') ?? '';
    const from = Number(query.get('from'));
    const to = Number(query.get('to'));
    if (!(to > from)) return { status: 400, body: { errors: ['Invalid time range'] } };
    const parts = text.split(/,(?![^{(]*[})])/);
    let expressions: Expression[];
    try {
      expressions = parts.map((part) =>
        parseExpression(part.trim(), 0, (position, why) => new Error(`${why} at ${position}`)),
      );
    } catch (error) {
      return {
        status: 400,
        body: { errors: [`Error parsing query: \n unable to parse ${text}: ${(error as Error).message}`] },
      };
    }
    const series = expressions.flatMap((expression, queryIndex) => {
      const found = evaluate(expression, from, Math.min(to, visible.untilS));
      return found ? [{ ...found, query_index: queryIndex, expression: parts[queryIndex]?.trim() }] : [];
    });
    return {
      status: 200,
      body: {
        status: 'ok',
        res_type: 'time_series',
        resp_version: 1,
        query: text,
        from_date: from * 1000,
        to_date: to * 1000,
        message: '',
        group_by: [],
        values: [],
        times: [],
        series,
      },
    };
  };

  const evaluate = (expression: Expression, from: number, to: number) => {
    const [first] = seriesOf(expression);
    if (!first) return undefined;
    const asked = first.modifiers.find((each) => each.name === 'rollup');
    const intervalS = Math.max(asked?.intervalS ?? 0, naturalIntervalS(to - from));
    const buckets = bucketsOf(first, from, to, intervalS, asked?.method ?? 'avg');
    if (buckets.size === 0) return undefined;
    const isPlain = expression.kind === 'series';
    const pointlist: [number, number | null][] = [];
    for (let at = Math.ceil(from / intervalS) * intervalS; at <= to; at += intervalS) {
      const value = buckets.get(at);
      if (value !== undefined) pointlist.push([at * 1000, isPlain ? value : arithmetic(expression, value)]);
      // Arithmetic between metrics gives null where a plain metric gives nothing.
      else if (!isPlain) pointlist.push([at * 1000, null]);
    }
    return {
      metric: first.metric,
      display_name: first.metric,
      aggr: first.aggregation,
      scope: first.scope.tags.join(',') || '*',
      tag_set: [],
      interval: intervalS,
      length: pointlist.length,
      start: pointlist[0]?.[0],
      end: (pointlist.at(-1)?.[0] ?? 0) + intervalS * 1000 - 1,
      unit: unitOf(first.metric),
      attributes: {},
      pointlist,
    };
  };

  const bucketsOf = (series: SeriesExpression, from: number, to: number, intervalS: number, method: string) => {
    const values = new Map<number, number[]>();
    for (const { metric, tags, points } of stored) {
      if (metric !== series.metric || !series.scope.matches(new Set(tags))) continue;
      for (const [at, value] of points) {
        if (at < from || at > to) continue;
        const bucket = Math.floor(at / intervalS) * intervalS;
        values.set(bucket, [...(values.get(bucket) ?? []), value]);
      }
    }
    return new Map([...values].map(([at, list]) => [at, rollup(list, method)] as const));
  };

  return { stored, events, hosts, visible, routes };
}

/** Recorded: 20 minutes give 5 s, an hour 20 s, four hours 60 s, a day 300 s; with a roll-up of one's own 1,500 points at most. */
function naturalIntervalS(rangeS: number): number {
  return rangeS <= 1500 * 15 ? 1 : Math.ceil(rangeS / 1500);
}

function rollup(values: readonly number[], method: string): number {
  if (method === 'max') return Math.max(...values);
  if (method === 'min') return Math.min(...values);
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function arithmetic(expression: Expression, value: number): number {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind !== 'binary') return value;
  const left = arithmetic(expression.left, value);
  const right = arithmetic(expression.right, value);
  return { '+': left + right, '-': left - right, '*': left * right, '/': left / right }[expression.operator];
}

function unitOf(metric: string) {
  const unit = (family: string, name: string, scale: number) => ({
    family,
    name,
    plural: `${name}s`,
    scale_factor: scale,
    short_name: name,
    id: 1,
  });
  if (metric.startsWith('system.cpu')) return [unit('percentage', 'percent', 1), null];
  if (metric.startsWith('system.mem.') && metric !== 'system.mem.pct_usable')
    return [unit('bytes', 'mebibyte', 1_048_576), null];
  return null;
}
