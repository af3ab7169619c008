// What the values of one of Datadog's queries are: a metric of one host, or something that was computed from metrics.
import { metricType } from '../metric.ts';

type PlainQuery = {
  readonly metric: string;
  /** Between the braces; absent without them. */
  readonly scope: string | undefined;
  readonly groupBy: string | undefined;
  readonly modifiers: readonly { readonly name: string; readonly args: string }[];
  /** Behind the query of a pull: the group of the series. */
  readonly group: string | undefined;
};

/** The metric whose values a query gives; undefined for arithmetic, functions, and modifiers that make other values of them. */
export function metricOfQuery(query: string): string | undefined {
  const plain = plainQuery(query);
  if (!plain) return undefined;
  const type = metricType(plain.metric);
  const isChanged = plain.modifiers.some(({ name, args }) => {
    if (name === 'rollup') return /^\s*['"]?count\b/.test(args) || (type === 'count' && isMean(args));
    if (name === 'fill') return args.trim() !== 'null';
    if (name === 'as_rate') return type !== 'gauge';
    return name === 'as_count' && type === undefined;
  });
  return isChanged ? undefined : plain.metric;
}

/** A mean over several points of a count is no count; the agent sends one every 15 s. */
function isMean(args: string): boolean {
  const [, method = 'avg', interval] = /^\s*(?:['"]?([a-z]\w*)['"]?)?[\s,]*(\d+|[a-z]+)?/.exec(args) ?? [];
  return method === 'avg' && interval !== undefined && !(Number(interval) <= 15);
}

/** The query of the idle time in `100 - avg:system.cpu.idle{...}`, which is CPU in use; undefined for any other query. */
export function idleIn(query: string): string | undefined {
  const [, bare, braced] = /^\s*(?:100(?:\.0*)?\s*-\s*(.*)|\(\s*100(?:\.0*)?\s*-\s*(.*)\))\s*$/.exec(query) ?? [];
  const idle = bare ?? braced;
  return idle !== undefined && metricOfQuery(idle) === 'system.cpu.idle' ? idle : undefined;
}

/** The agent sends one series of these per host: further tags of a scope select no part of it. */
const ofWholeHost = /^(system\.(cpu|load|mem|swap)|aws\.ec2)\./;

/** The one host that a query of one series, or its group, names; undefined for several, for all, and for a part of one host (a device, a group). */
export function hostOfQuery(query: string): string | undefined {
  const plain = plainQuery(query);
  if (!plain) return undefined;
  const keys = (plain.groupBy ?? '').split(',').map((key) => key.trim());
  if (plain.groupBy !== undefined && keys.some((key) => key !== 'host')) return undefined;
  const scope = plain.groupBy === undefined ? plain.scope : (plain.group ?? plain.scope);
  // A negation, a choice or a pattern can select several.
  if (scope === undefined || /[!*?]|(^|[\s(,])-|\b(OR|NOT|IN)\b/i.test(scope)) return undefined;
  const tags = scope.split(/,|\bAND\b/i);
  const hosts = tags.flatMap((tag) => /^[\s(]*host:([^\s)]+)[\s)]*$/i.exec(tag)?.[1] ?? []);
  const isWhole = tags.length === hosts.length || ofWholeHost.test(plain.metric);
  return hosts.length === 1 && isWhole ? hosts[0] : undefined;
}

/** The queries between commas that lie outside braces, parentheses and quotes. */
export function splitQueries(text: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const [token] of text.matchAll(/'[^']*'|"[^"]*"|[\s\S]/g)) {
    if ('({'.includes(token)) depth++;
    if (')}'.includes(token)) depth--;
    if (token === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts.map((part) => part.trim());
}

function plainQuery(query: string): PlainQuery | undefined {
  const found =
    /^\s*(?:(?:avg|sum|min|max)\s*:\s*)?([A-Za-z][\w.]*)\s*(?:\{([^{}]*)\})?(?:\s*by\s*\{([^{}]*)\})?((?:\s*\.\s*\w+\s*\([^()]*\))*)(?:\s+\(([^()]+)\))?\s*$/.exec(
      query,
    );
  if (!found) return undefined;
  const [, metric = '', scope, groupBy, modifiers = '', group] = found;
  return {
    metric,
    scope,
    groupBy,
    modifiers: [...modifiers.matchAll(/(\w+)\s*\(([^()]*)\)/g)].map(([, name = '', args = '']) => ({ name, args })),
    group,
  };
}
