// `monitors backtest`: whether monitors would have fired over recorded series. Needs no Datadog account.
import { max, min } from 'd3-array';
import { alarmValue, type BacktestedMonitor, unevaluatedWords } from '../../model/alarms.ts';
import type { Finding } from '../../model/finding.ts';
import { metricType } from '../../model/metric.ts';
import { monitorFinding } from '../messages.ts';
import { type DatadogOnly, datadogOnly } from '../query/datadog-only.ts';
import { type Evaluation, evaluateQuery } from '../query/evaluate-query.ts';
import { hiddenPeak, recordedLengthS, unfitReason, unseenHosts } from '../query/fit-series.ts';
import { type MonitorQuery, parseQuery } from '../query/query.ts';
import { isCounted, seriesOf } from '../query/query-expression.ts';
import { unitOf } from '../query/query-unit.ts';
import type { RecordedSeries } from '../query/recorded-series.ts';
import { checkDefinitions } from '../spec/check-definitions.ts';
import type { MonitorDefinition } from '../spec/definition.ts';
import { type StateChange, stateChanges } from '../spec/monitor-states.ts';
import { queryText } from '../spec/wanted-monitor.ts';
import { type Breach, sweepThreshold } from './sweep.ts';

type BacktestDocument = {
  readonly monitors: BacktestedMonitor[];
  /** What Datadog accepts in the definitions and leaves empty, and what the record hides; absent when there is nothing. */
  readonly warnings?: readonly Finding[];
};

/** Evaluates every definition over the series. With `breaches`, finds the thresholds that would have caught them. Exit code 4: no monitor had data. */
export function backtest(options: {
  readonly definitions: readonly MonitorDefinition[];
  readonly series: readonly RecordedSeries[];
  readonly breaches?: readonly Breach[];
}): { document: BacktestDocument; text: string; exitCode: 0 | 4 } {
  const { definitions, series, breaches } = options;
  const remarks = checkDefinitions(definitions);
  const monitors = definitions.map((definition) => backtestOne(definition, series, breaches));
  const warnings = [
    ...remarks,
    ...definitions.flatMap((definition, index) => {
      const tested = monitors[index];
      if (!tested || tested.evaluations === 0) return [];
      return [...unseenWarnings(tested, series), ...peakWarnings(definition, tested, series)];
    }),
  ];
  const hasData = monitors.some(({ evaluations }) => evaluations > 0);
  const lines = [...monitors.map(monitorText), ...warnings.map(({ text }) => `warning: ${text}`)];
  const document = { monitors, ...(warnings.length > 0 && { warnings }) };
  return { document, text: lines.join('\n'), exitCode: hasData ? 0 : 4 };
}

function backtestOne(
  definition: MonitorDefinition,
  series: readonly RecordedSeries[],
  breaches: readonly Breach[] | undefined,
): BacktestedMonitor {
  const { key, name, comparator, evaluationDelayS } = definition;
  const query = parseQuery(queryText(definition));
  const head = { key, name, query: query.text, windowS: query.window.lengthS };
  const only = datadogOnly(query);
  if (only) return { ...head, transitions: [], evaluations: 0, noData: onlyFinding(only) };
  const unfit = unfitReason(query, series);
  if (unfit) return { ...head, transitions: [], evaluations: 0, noData: unfit };
  const groups = evaluateQuery(query, series, evaluationDelayS);
  const all = [...groups.values()].flat();
  const values = all.flatMap(({ value }) => (value === undefined ? [] : [value]));
  if (values.length === 0) return { ...head, transitions: [], evaluations: 0, noData: missingSeries(query, series) };
  const unit = unitOf(query);
  const transitions = [...groups]
    .flatMap(([group, evaluations]) =>
      stateChanges(definition, evaluations, emptyValue(query)).map((change) => ({
        at: new Date(change.atMs).toISOString(),
        from: change.from,
        to: change.to,
        ...(change.value !== undefined && { value: change.value }),
        why: reasonOf(query, change, evaluationDelayS),
        ...(group !== '' && { group }),
      })),
    )
    .sort((a, b) => a.at.localeCompare(b.at));
  return {
    ...head,
    transitions,
    evaluations: values.length,
    ...(unit !== undefined && { unit }),
    worst: (comparator.startsWith('<') ? min(values) : max(values)) as number,
    ...(breaches && { sweep: sweepThreshold(comparator, query.window.lengthS, worstOfGroups(groups), breaches) }),
  };
}

/** What of Datadog's points the record lacks: those of other hosts, and those before it began. */
function unseenWarnings({ key, query }: BacktestedMonitor, series: readonly RecordedSeries[]): Finding[] {
  const parsed = parseQuery(query);
  const scope = unseenHosts(parsed, series);
  const { lengthS: windowS, kind } = parsed.window;
  const recordedS = recordedLengthS(parsed, series);
  return [
    ...(scope === undefined ? [] : [monitorFinding('other-hosts-unseen', { key, scope })]),
    ...(kind === 'last' && recordedS < windowS
      ? [monitorFinding('record-below-window', { key, windowS, recordedS })]
      : []),
  ];
}

/** A silent monitor may have alerted in Datadog, which has shorter intervals. */
function peakWarnings(
  definition: MonitorDefinition,
  tested: BacktestedMonitor,
  series: readonly RecordedSeries[],
): Finding[] {
  const isSilent = !tested.transitions.some(({ to }) => to === 'Alert');
  // A monitor of missing data waits for no peak.
  if (!isSilent || definition.missingData === 'notify') return [];
  const hidden = hiddenPeak(parseQuery(queryText(definition)), series);
  if (!hidden) return [];
  const { metric, intervalS } = hidden;
  return [monitorFinding('peaks-averaged', { key: definition.key, metric, intervalS })];
}

/** Datadog takes a window without points as 0 in a query of one count. https://docs.datadoghq.com/monitors/types/metric/ */
function emptyValue({ expression }: MonitorQuery): number | undefined {
  return expression.kind === 'series' && isCounted(expression) && metricType(expression.metric) === 'count'
    ? 0
    : undefined;
}

function reasonOf(query: MonitorQuery, { value, limit, to, from }: StateChange, evaluationDelayS = 0): Finding {
  if (value === undefined) return monitorFinding('window-empty');
  const unit = unitOf(query);
  const given = {
    aggregation: query.timeAggregation,
    windowS: query.window.lengthS,
    value,
    ...(unit !== undefined && { unit }),
    ...(evaluationDelayS > 0 && { evaluationDelayS }),
  };
  if (from === 'No Data' || limit === undefined) return monitorFinding('data-again', given);
  const isCrossed = to === 'Alert' || (to === 'Warn' && from !== 'Alert');
  const crossing = { ...given, comparator: query.comparator, limit };
  return monitorFinding(isCrossed ? 'threshold-crossed' : 'threshold-no-longer-crossed', crossing);
}

/** All groups have the same threshold, so their evaluations are taken together. */
function worstOfGroups(groups: ReadonlyMap<string, readonly Evaluation[]>): Evaluation[] {
  return [...groups.values()].flat().sort((a, b) => a.atMs - b.atMs);
}

function onlyFinding({ name, metric }: DatadogOnly): Finding {
  return metric === undefined
    ? monitorFinding('datadog-only', { name })
    : monitorFinding('metric-type-unknown', { name, metric });
}

function missingSeries(query: MonitorQuery, series: readonly RecordedSeries[]): Finding {
  for (const { metric, scope, groupBy } of seriesOf(query.expression)) {
    const named = series.filter((each) => each.metric === metric);
    const [first] = named;
    if (!first) return monitorFinding('metric-not-recorded', { metric });
    if (!named.some(({ tags }) => scope.matches(new Set(tags)))) {
      const [recorded, wanted] = [first.tags.join(','), scope.text];
      return monitorFinding('tags-not-recorded', { metric, recorded, wanted });
    }
    const key = groupBy.find((each) => !named.some(({ tags }) => tags.some((tag) => tag.startsWith(`${each}:`))));
    if (key !== undefined) return monitorFinding('group-not-recorded', { metric, key });
  }
  return monitorFinding('no-complete-window');
}

function monitorText({ key, query, transitions, evaluations, worst, unit, noData, sweep }: BacktestedMonitor): string {
  const lines = [`${key}: ${query}`];
  if (noData !== undefined) lines.push(`  ${unevaluatedWords(noData)}: ${noData.text}`);
  else if (transitions.length === 0)
    lines.push(
      `  silent in ${evaluations} ${evaluations === 1 ? 'evaluation' : 'evaluations'}; worst value ${alarmValue(worst ?? 0, unit)}`,
    );
  for (const { at, from, to, why, group } of transitions) {
    lines.push(`  ${at}  ${from} -> ${to}  ${why.text}${group === undefined ? '' : `  (${group})`}`);
  }
  if (sweep?.catches) {
    const { quiet, worst: caught, suggested } = sweep.catches;
    const range = quiet === undefined ? `up to ${rounded(caught)}` : `from ${rounded(quiet)} to ${rounded(caught)}`;
    lines.push(`  thresholds ${range} catch the saturation with no false alarm; suggested: ${rounded(suggested)}`);
  } else if (sweep?.why !== undefined) lines.push(`  no threshold: ${sweep.why.text}`);
  return lines.join('\n');
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
