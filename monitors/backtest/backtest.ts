// `monitors backtest`: would these monitors have fired on that record? No account is needed.
import { alarmValue, type BacktestedMonitor } from '../../model/alarms.ts';
import { type Evaluation, evaluateQuery } from '../query/evaluate-query.ts';
import { type MonitorQuery, parseQuery } from '../query/query.ts';
import { seriesOf } from '../query/query-expression.ts';
import { unitOf } from '../query/query-unit.ts';
import type { RecordedSeries } from '../query/recorded-series.ts';
import { checkDefinitions } from '../spec/check-definitions.ts';
import type { MonitorDefinition } from '../spec/definition.ts';
import { type StateChange, stateChanges } from '../spec/monitor-states.ts';
import { queryText } from '../spec/wanted-monitor.ts';
import { type Breach, sweepThreshold } from './sweep.ts';

export type BacktestDocument = { readonly monitors: BacktestedMonitor[] };

/** Evaluates every definition over the series. `breaches` asks for the thresholds that would have caught them. */
export function backtest(options: {
  readonly definitions: readonly MonitorDefinition[];
  readonly series: readonly RecordedSeries[];
  readonly breaches?: readonly Breach[];
}): { document: BacktestDocument; text: string; exitCode: 0 | 4 } {
  checkDefinitions(options.definitions);
  const monitors = options.definitions.map((definition) => backtestOne(definition, options.series, options.breaches));
  const hasData = monitors.some(({ evaluations }) => evaluations > 0);
  return { document: { monitors }, text: monitors.map(monitorText).join('\n'), exitCode: hasData ? 0 : 4 };
}

function backtestOne(
  definition: MonitorDefinition,
  series: readonly RecordedSeries[],
  breaches: readonly Breach[] | undefined,
): BacktestedMonitor {
  const { key, name, comparator, evaluationDelayS } = definition;
  const query = parseQuery(queryText(definition));
  const head = { key, name, query: query.text, windowS: query.window.lengthS };
  const only = onlyDatadog(query);
  if (only !== undefined)
    return { ...head, transitions: [], evaluations: 0, noData: `${only}() can be evaluated by Datadog only` };
  const groups = evaluateQuery(query, series, evaluationDelayS);
  const all = [...groups.values()].flat();
  const values = all.flatMap(({ value }) => (value === undefined ? [] : [value]));
  if (values.length === 0) return { ...head, transitions: [], evaluations: 0, noData: missingSeries(query, series) };
  const unit = unitOf(query);
  const transitions = [...groups]
    .flatMap(([group, evaluations]) =>
      stateChanges(definition, evaluations).map((change) => ({
        at: new Date(change.atMs).toISOString(),
        from: change.from,
        to: change.to,
        ...(change.value !== undefined && { value: change.value }),
        why: reason(query, change, evaluationDelayS),
        ...(group !== '' && { group }),
      })),
    )
    .sort((a, b) => a.at.localeCompare(b.at));
  return {
    ...head,
    transitions,
    evaluations: values.length,
    ...(unit !== undefined && { unit }),
    worst: comparator.startsWith('<') ? Math.min(...values) : Math.max(...values),
    ...(breaches && { sweep: sweepThreshold(comparator, query.window.lengthS, worstOfGroups(groups), breaches) }),
  };
}

function reason(query: MonitorQuery, { value, limit, to, from }: StateChange, evaluationDelayS = 0): string {
  const { timeAggregation, window, comparator } = query;
  if (value === undefined) return 'the window holds no point';
  const late = evaluationDelayS > 0 ? `; the window ended ${evaluationDelayS} s before (evaluation delay)` : '';
  const what = `${timeAggregation} of the window of ${window.lengthS / 60} min is ${alarmValue(value, unitOf(query))}`;
  if (from === 'No Data') return `${what}: there is data again${late}`;
  if (limit === undefined) return what + late;
  const holds = to === 'Alert' || (to === 'Warn' && from !== 'Alert');
  return `${what}: ${holds ? '' : 'no longer '}${comparator} ${limit}${late}`;
}

/** A threshold is one for all groups, so the worst of them counts. */
function worstOfGroups(groups: ReadonlyMap<string, readonly Evaluation[]>): Evaluation[] {
  return [...groups.values()].flat().sort((a, b) => a.atMs - b.atMs);
}

function onlyDatadog(query: MonitorQuery): string | undefined {
  const find = (expression: MonitorQuery['expression']): string | undefined => {
    if (expression.kind === 'call')
      return expression.name === 'abs' ? expression.args.map(find).find(Boolean) : expression.name;
    return expression.kind === 'binary' ? (find(expression.left) ?? find(expression.right)) : undefined;
  };
  return find(query.expression);
}

function missingSeries(query: MonitorQuery, series: readonly RecordedSeries[]): string {
  for (const { metric, scope } of seriesOf(query.expression)) {
    const named = series.filter((each) => each.metric === metric);
    if (named.length === 0) return `the record has no ${metric}`;
    if (!named.some(({ tags }) => scope.matches(new Set(tags)))) {
      return `the record has ${metric} for ${named[0]?.tags.join(',')}, not for ${scope.tags.join(',')}`;
    }
  }
  return 'no window holds a point of every series of the query';
}

function monitorText({ key, query, transitions, evaluations, worst, unit, noData, sweep }: BacktestedMonitor): string {
  const lines = [`${key}: ${query}`];
  if (noData !== undefined) lines.push(`  no data: ${noData}`);
  else if (transitions.length === 0)
    lines.push(`  silent in ${evaluations} evaluations; it came to ${alarmValue(worst ?? 0, unit)}`);
  for (const { at, from, to, why, group } of transitions) {
    lines.push(`  ${at}  ${from} -> ${to}  ${why}${group === undefined ? '' : `  (${group})`}`);
  }
  if (sweep?.catches) {
    const { quiet, worst: caught, suggested } = sweep.catches;
    const range = quiet === undefined ? `up to ${rounded(caught)}` : `from ${rounded(quiet)} to ${rounded(caught)}`;
    lines.push(
      `  a threshold ${range} would have caught the breach with no false alarm: ${rounded(suggested)} for example`,
    );
  } else if (sweep?.why !== undefined) lines.push(`  no threshold: ${sweep.why}`);
  return lines.join('\n');
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
