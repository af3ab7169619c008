// `metrics pull`: host metrics out of Datadog, with real peaks, and with the gaps and intervals that Datadog has.
import { extent, group } from 'd3-array';
import { isoTime } from '../../model/iso-time.ts';
import { hostMetrics } from '../../model/metric.ts';
import { UserError } from '../../model/user-error.ts';
import { monitorFinding } from '../messages.ts';
import type { PullDocument, PulledSeries } from '../query/pull-document.ts';
import { eachLimited } from './each-limited.ts';
import { findMissingReason } from './pull-missing.ts';
import { hostQueries, ownQueries, type PullQuery } from './pull-queries.ts';
import { type WaitOptions, waitForPoints } from './pull-wait.ts';
import type { QueriedSeries } from './records.ts';

export type PullOptions = WaitOptions & {
  readonly host: string;
  /** ISO-8601. */
  readonly from: string;
  readonly to: string;
  /** Instead of all metrics that headroom knows of a host. */
  readonly queries?: readonly string[];
};

/** Datadog gives at most 1,500 points for a query with its own roll-up. */
const pointsPerPiece = 1400;

/** Pulls the window. Exit code 4: nothing was found. Throws a UserError for a wrong window or query. */
export async function pullMetrics(
  options: PullOptions,
): Promise<{ document: PullDocument; text: string; exitCode: 0 | 4 }> {
  const { datadog, host } = options;
  const { fromS, toS } = checkWindow(options);
  const queries = options.queries ? ownQueries(options.queries, toS - fromS) : hostQueries(host, toS - fromS);
  await waitForPoints(options, queries, fromS, toS);

  const series: PulledSeries[] = [];
  const missing: string[] = [];
  for (const together of group(queries, ({ intervalS }) => intervalS).values()) {
    const found = await pullGroup(options, together, fromS, toS);
    together.forEach((query, index) => {
      const own = found.filter((each) => each.queryIndex === index);
      if (own.length === 0) missing.push(query.metric);
      // A grouped query gives several series: each keeps its scope, also when there is only one.
      const byScope = group(own, (each) => each.scope);
      const isGrouped = byScope.size > 1 || /\}\s*by\s*\{/.test(query.query);
      for (const [scope, pieces] of byScope)
        series.push(pulledSeries(query, pieces, isGrouped ? scope : undefined, toS * 1000));
    });
  }
  const known = await datadog.listHosts(host);
  const othersGave = series.length > 0 || options.queries !== undefined;
  const hint = othersGave ? monitorFinding('metrics-not-sent') : await findMissingReason(options, known);
  const instanceType = known
    .find(({ name, aliases }) => name === host || aliases.includes(host))
    ?.tags.find((tag) => tag.startsWith('instance-type:'))
    ?.slice('instance-type:'.length);
  const document: PullDocument = {
    host,
    from: new Date(fromS * 1000).toISOString(),
    to: new Date(toS * 1000).toISOString(),
    series,
    missing,
    ...(missing.length > 0 && { hint }),
    ...(instanceType !== undefined && { instanceType }),
  };
  return { document, text: pullText(document), exitCode: series.length === 0 ? 4 : 0 };
}

function checkWindow({ from, to, clock }: PullOptions): { readonly fromS: number; readonly toS: number } {
  const [fromS, toS] = [seconds('--from', from), seconds('--to', to)];
  if (toS <= fromS) throw new UserError(`--to ${to} must be later than --from ${from}`);
  if (toS * 1000 > clock.now()) throw new UserError(`--to ${to} must not be in the future`);
  return { fromS, toS };
}

async function pullGroup(options: PullOptions, queries: readonly PullQuery[], fromS: number, toS: number) {
  const intervalS = queries[0]?.intervalS ?? 15;
  const text = queries.map(({ query }) => query).join(',');
  // Aligned to the interval the first bucket is whole, and the pieces do not overlap.
  const firstS = Math.floor(fromS / intervalS) * intervalS;
  const pieceS = intervalS * pointsPerPiece;
  const begins = Array.from({ length: Math.ceil((toS - firstS) / pieceS) }, (_, index) => firstS + index * pieceS);
  const pieces = new Map<number, QueriedSeries[]>();
  await eachLimited(begins, 4, async (begin) => {
    pieces.set(begin, await options.datadog.queryMetrics(text, begin, Math.min(begin + pieceS - 1, toS)));
    if (begins.length > 1) options.onProgress?.(`pulled ${pieces.size} of ${begins.length} pieces`);
  });
  return begins.flatMap((begin) => pieces.get(begin) ?? []);
}

function pulledSeries(
  query: PullQuery,
  pieces: readonly QueriedSeries[],
  scope: string | undefined,
  untilMs: number,
): PulledSeries {
  const known = hostMetrics[query.metric];
  const { unit } = pieces.find((piece) => piece.unit) ?? {};
  // The agent sends memory in MiB, as Datadog's unit says; the catalogue has bytes.
  const scale = known === 'bytes' && unit?.family === 'bytes' ? unit.scale : 1;
  const points = new Map(pieces.flatMap((piece) => piece.points));
  return {
    metric: query.metric,
    query: scope === undefined ? query.query : `${query.query} (${scope})`,
    unit: known ?? unit?.name ?? 'none',
    intervalS: Math.max(...pieces.map((piece) => piece.intervalS)) || query.intervalS,
    points: [...points]
      .filter(([at]) => at < untilMs)
      .sort(([a], [b]) => a - b)
      .map(([at, value]) => [new Date(at).toISOString(), value * scale]),
  };
}

function pullText({ host, from, to, series, missing, hint }: PullDocument): string {
  const lines = series.map(({ metric, unit, intervalS, points }) => {
    const [least = 0, most = 0] = extent(points, ([, value]) => value);
    const round = (value: number) => Number(value.toPrecision(6));
    return `${metric.padEnd(26)} ${points.length} points of ${intervalS} s, ${round(least)} to ${round(most)} (${unit})`;
  });
  if (hint) lines.push(`missing: ${missing.join(', ')}`, `${hint.text}`);
  return [`${host} from ${from} to ${to}`, ...lines].join('\n');
}

function seconds(flag: string, text: string): number {
  const ms = isoTime(text);
  if (Number.isNaN(ms)) throw new UserError(`${flag} ${text} is not a time: use a form like 2026-01-31T12:00:00Z`);
  return Math.floor(ms / 1000);
}
