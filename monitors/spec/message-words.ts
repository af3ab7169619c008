// The words of the template language of monitor messages.
// https://docs.datadoghq.com/monitors/notify/variables/ and https://docs.datadoghq.com/monitors/guide/template-variable-evaluation/

export const conditionals = [
  'is_alert',
  'is_warning',
  'is_no_data',
  'is_recovery',
  'is_alert_recovery',
  'is_warning_recovery',
  'is_no_data_recovery',
  'is_alert_to_warning',
  'is_renotify',
  'is_unknown',
  'is_priority',
  'is_match',
  'is_exact_match',
] as const;

/** Of a metric monitor. */
export const plainVariables = [
  'value',
  'threshold',
  'warn_threshold',
  'alert_recovery_threshold',
  'warn_recovery_threshold',
  'comparator',
  'first_triggered_at',
  'first_triggered_at_epoch',
  'last_triggered_at',
  'last_triggered_at_epoch',
  'triggered_duration_sec',
] as const;

export const times = plainVariables.filter((name) => name.includes('_triggered_at'));

/** `{{eval "..."}}`, `{{local_time '...' '...'}}`, `{{urlencode "..."}}`, `{{override_priority 'P1'}}`. */
export const helpers = ['eval', 'local_time', 'urlencode', 'override_priority'] as const;

const events = 'monitors of logs, traces, RUM, CI or events';
const otherMonitors: Readonly<Record<string, string>> = {
  ok_threshold: 'service-check monitors',
  check_message: 'service-check monitors',
  log: events,
  span: events,
  rum: events,
  event: events,
  audit: events,
  issue: events,
  cipipeline: events,
  citest: events,
  databasemonitoring: events,
  synthetics: 'monitors of synthetic tests',
};

/** The kind of monitor that alone fills a variable; undefined for one that a metric monitor may have. */
export function otherMonitorOf(variable: string): string | undefined {
  const [root = ''] = variable.replace(/^\[?@.*/, 'log').split('.');
  if (/^[a-z]\.(value|status|log\b)/.test(variable)) return 'composite monitors';
  const kind = root.toLowerCase();
  return Object.hasOwn(otherMonitors, kind) ? otherMonitors[kind] : undefined;
}

/** Inside `{{eval "..."}}`. */
export const evalFunctions = [
  ...['humanize_bytes', 'humanize_bits', 'abs', 'int', 'float', 'trunc', 'dec', 'round', 'ceil', 'floor', 'sgn'],
  ...['to_bool', 'exp', 'log10', 'sin', 'sinh', 'asin', 'asinh', 'cos', 'cosh', 'acos', 'acosh', 'tan', 'tanh', 'atan'],
  ...['atan2', 'atanh'],
];
