// What a query is that does not begin with a time aggregation: another kind of monitor, or a mistake.

export const changeExpected = 'expected change(avg(last_5m),5m_ago): or pct_change(avg(last_5m),5m_ago):';

/** The kinds of Datadog's monitors that are not about metrics, by how their queries begin. https://docs.datadoghq.com/monitors/types/ */
const otherKinds: readonly (readonly [RegExp, string])[] = [
  [/^logs?\(/, 'a log monitor'],
  [/^(error-tracking|error-tracking-\w+)\(/, 'an error-tracking monitor'],
  [/^rum\(/, 'a RUM monitor'],
  [/^events?\(/, 'an event monitor'],
  [/^audits?\(/, 'an audit-trail monitor'],
  [/^(trace-analytics|spans)\(/, 'a trace monitor'],
  [/^ci-(pipelines|tests)\(/, 'a CI monitor'],
  [/^processes\(/, 'a process monitor'],
  [/^(network|network-performance|network-path)\(/, 'a network monitor'],
  [/^(cost|cloud-cost)\(/, 'a cost monitor'],
  [/^database-monitoring\(/, 'a database monitor'],
  [/^(error_budget|burn_rate)\(/, 'an SLO monitor'],
  [/^formula\(/, 'a monitor by formula and options.variables'],
  [/^["'][^"']+["']\s*\.over\(/, 'a service check'],
  [/^[!(\s]*\d+[)\s]*(&&|\|\||$)/, 'a composite monitor'],
];

/** Why a query that does not begin with a time aggregation is refused. */
export function headMistake(text: string): string {
  const kind = otherKinds.find(([pattern]) => pattern.test(text.trim()))?.[1];
  if (kind) return `this is the query of ${kind}; headroom has metric monitors only, like max(last_5m):`;
  const [, outer] = /^\s*(\w+)\(\s*\w+\([^()]*\)/.exec(text) ?? [];
  if (outer !== undefined) return changeExpected;
  return 'expected a time aggregation first, for example max(last_5m):';
}
