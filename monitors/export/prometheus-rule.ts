// The rules of one monitor in Prometheus: its value as a recording rule, and an alert for each of its states.
import type { MonitorDefinition } from '../spec/definition.ts';
import { type AlertState, annotationOf, filled } from './prometheus-message.ts';
import { durationText, instanceSelector, type PrometheusQuery } from './prometheus-query.ts';

export type AlertRule = {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};
type RecordingRule = { readonly record: string; readonly expr: string };
export type MonitorRules = {
  /** Absent when no value alerts. */
  readonly recording?: RecordingRule;
  readonly critical?: AlertRule;
  readonly warning?: AlertRule;
  readonly noData?: AlertRule;
};

/** The rules of a definition, whose query is translated. A state of Datadog's is kept as there: until the value is back behind its recovery threshold. */
export function monitorRules(definition: MonitorDefinition, query: PrometheusQuery, host: string): MonitorRules {
  const { thresholds, missingData } = definition;
  const record = `headroom:${definition.key.replaceAll('-', '_')}:${recordSuffix(query)}`;
  const value = `${record}{${instanceSelector(host)}}`;
  const firing = (severity: string) =>
    `on (instance) ALERTS{alertname="${alertName(definition)}", alertstate="firing", severity="${severity}", host="${host}"}`;
  const held = (limit: number, recovery: number | undefined, severity: string) => {
    const beyond = `${value} ${definition.comparator} ${limit}`;
    if (recovery === undefined) return beyond;
    return `${beyond} or (${value} ${definition.comparator} ${recovery} and ${firing(severity)})`;
  };
  const warns =
    thresholds.warning === undefined ? undefined : held(thresholds.warning, thresholds.warningRecovery, 'warning');
  const alert = (severity: string, state: AlertState, expr: string) =>
    alertRule(definition, host, { severity, state, expr });
  return {
    ...(canAlert(definition, query) && {
      recording: { record, expr: query.value },
      critical: alert('critical', 'alert', held(thresholds.critical, thresholds.criticalRecovery, 'critical')),
      // The recording rules and alerts of a group are evaluated in their order: what alerts now does not warn too.
      ...(warns !== undefined && { warning: alert('warning', 'warning', `(${warns}) unless ${firing('critical')}`) }),
    }),
    ...(missingData === 'notify' && {
      noData: alert('critical', 'no_data', `sum(absent_over_time(${query.presence}[${durationText(query.windowS)}]))`),
    }),
  };
}

/** A value that is clearly on the alerting side of a threshold. */
export function beyond({ comparator }: Pick<MonitorDefinition, 'comparator'>, limit: number): number {
  return comparator.startsWith('<') ? limit - Math.abs(limit || 1) / 10 : limit + Math.abs(limit || 1) / 10;
}

/** No host metric is ever below 0. A monitor that waits for it only notifies of missing data. */
function canAlert(definition: MonitorDefinition, query: PrometheusQuery): boolean {
  return (query.metricValue(beyond(definition, definition.thresholds.critical)) ?? 0) >= 0;
}

function alertRule(
  definition: MonitorDefinition,
  host: string,
  { severity, state, expr }: { readonly severity: string; readonly state: AlertState; readonly expr: string },
): AlertRule {
  const { key, priority, tags, runbook } = definition;
  const name = filled(definition.name, definition, host);
  return {
    alert: alertName(definition),
    expr,
    labels: { ...labelsOf(tags), host, monitor: key, priority: `P${priority}`, severity },
    annotations: { summary: name, description: annotationOf(definition, state, host) ?? name, runbook },
  };
}

/** `cpu-total` -> `CpuTotal`. */
function alertName({ key }: MonitorDefinition): string {
  return key.replace(/(^|[-_])([a-z0-9])/g, (_all, _dash, letter: string) => letter.toUpperCase());
}

/** `avg_5m`. */
function recordSuffix({ value, windowS }: PrometheusQuery): string {
  return `${value.slice(0, value.indexOf('_'))}_${durationText(windowS)}`;
}

/** Tags `key:value` as labels, whose names have letters, digits and _ alone. */
function labelsOf(tags: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    tags.map((tag) => {
      const [key = '', ...value] = tag.split(':');
      return [key.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_'), value.join(':') || 'true'];
    }),
  );
}
