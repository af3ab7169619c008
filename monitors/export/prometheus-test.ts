// Unit tests of the rules, for `promtool test rules`: each monitor passes through its states, and the series end where one notifies of that.
import type { MonitorDefinition } from '../spec/definition.ts';
import type { TestSeries } from './node-exporter-metric.ts';
import { filledAnnotation } from './prometheus-message.ts';
import { durationText, type PrometheusQuery } from './prometheus-query.ts';
import { type AlertRule, beyond, type MonitorRules } from './prometheus-rule.ts';

const scrapeS = 15;
/** The rate of a counter looks back a minute, and another passes until the rules are evaluated again. */
const steadyS = 180;

export type RuleTest = {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test: readonly {
    readonly eval_time: string;
    readonly alertname: string;
    readonly exp_alerts: readonly { readonly exp_labels: object; readonly exp_annotations: object }[];
  }[];
};
type Step = { readonly value: number; readonly fires?: AlertRule | undefined };

/** The tests of one monitor; none for a query of several metrics. */
export function ruleTests(
  definition: MonitorDefinition,
  query: PrometheusQuery,
  rules: MonitorRules,
  host: string,
): RuleTest[] {
  const instance = `${host}:9100`;
  return [...stateTests(definition, query, rules, instance), ...silenceTests(definition, query, rules, instance)];
}

function stateTests(
  definition: MonitorDefinition,
  query: PrometheusQuery,
  rules: MonitorRules,
  instance: string,
): RuleTest[] {
  const { critical } = rules;
  const steps = stepsOf(definition, rules).map((step) => ({ ...step, metric: query.metricValue(step.value) }));
  if (!critical || steps.some(({ metric }) => metric === undefined)) return [];
  const stepS = query.windowS + steadyS;
  const every = steps.map(({ metric }) => query.metric.series(metric ?? 0));
  return [
    {
      name: `${definition.key}: ${steps.map(({ value, fires }) => `${short(value)} ${fires?.labels.severity ?? 'ok'}`).join(', ')}`,
      interval: durationText(scrapeS),
      input_series: (every[0] ?? []).map((series, index) => ({
        series: seriesName(series, instance),
        values: valuesOf(
          series.kind,
          every.map((each) => each[index]?.value ?? 0),
          stepS / scrapeS,
        ),
      })),
      alert_rule_test: steps.map(({ value, fires }, index) => ({
        eval_time: durationText((index + 1) * stepS - 60),
        alertname: critical.alert,
        exp_alerts: fires ? [expected(fires, { instance }, value)] : [],
      })),
    },
  ];
}

/** From OK over every state and back. */
function stepsOf({ comparator, thresholds }: MonitorDefinition, { critical, warning }: MonitorRules): Step[] {
  if (comparator === '==' || comparator === '!=') return [];
  // The mildest threshold: behind it, nothing alerts and nothing is held.
  const limits = Object.values(thresholds).filter((limit) => limit !== undefined);
  const nearest = comparator.startsWith('<') ? Math.max(...limits) : Math.min(...limits);
  const ok = { value: 2 * nearest - beyond({ comparator }, nearest) };
  const between = (a: number, b: number) => (a + b) / 2;
  return [
    ok,
    ...(thresholds.warning === undefined
      ? []
      : [{ value: between(thresholds.warning, thresholds.critical), fires: warning }]),
    { value: beyond({ comparator }, thresholds.critical), fires: critical },
    ...(thresholds.criticalRecovery === undefined
      ? []
      : [{ value: between(thresholds.criticalRecovery, thresholds.critical), fires: critical }]),
    ok,
  ];
}

function silenceTests(
  { key }: MonitorDefinition,
  query: PrometheusQuery,
  { noData }: MonitorRules,
  instance: string,
): RuleTest[] {
  if (!noData) return [];
  const lastsS = 300;
  const alertname = noData.alert;
  return [
    {
      name: `${key}: the host sends nothing any more after ${durationText(lastsS)}`,
      interval: durationText(scrapeS),
      input_series: query.metric.series(50).map((series) => ({
        series: seriesName(series, instance),
        values: valuesOf(series.kind, [series.value], lastsS / scrapeS),
      })),
      alert_rule_test: [
        { eval_time: durationText(lastsS), alertname, exp_alerts: [] },
        { eval_time: durationText(lastsS + query.windowS + steadyS), alertname, exp_alerts: [expected(noData, {}, 1)] },
      ],
    },
  ];
}

function expected({ labels, annotations }: AlertRule, more: Readonly<Record<string, string>>, value: number) {
  const filled = Object.entries(annotations).map(([name, text]) => [name, filledAnnotation(text, value)]);
  return { exp_labels: { ...labels, ...more }, exp_annotations: Object.fromEntries(filled) };
}

function seriesName({ name, labels }: TestSeries, instance: string): string {
  const all = Object.entries({ ...labels, instance }).map(([label, value]) => `${label}="${value}"`);
  return `${name}{${all.join(', ')}}`;
}

/** In promtool's notation `START+STEPxTIMES`, for each value so many samples. */
function valuesOf(kind: TestSeries['kind'], values: readonly number[], samples: number): string {
  let total = 0;
  return values
    .map((value) => {
      const step = kind === 'counter' ? short(value * scrapeS) : 0;
      const start = kind === 'counter' ? total : value;
      total = short(total + step * samples);
      return `${start}+${step}x${samples - 1}`;
    })
    .join(' ');
}

/** Without the last digits of floating point. */
function short(value: number): number {
  return Number(value.toFixed(6));
}
