// The functions of Datadog's query language. https://docs.datadoghq.com/dashboards/functions/
import { mistyped } from '../../model/nearest.ts';

const names = [
  ...['abs', 'log2', 'log10', 'cumsum', 'integral', 'count_nonzero', 'count_not_null', 'exclude_null'],
  ...['cutoff_max', 'cutoff_min', 'clamp_max', 'clamp_min', 'fill', 'default_zero', 'top', 'top_offset', 'bottom'],
  ...['per_second', 'per_minute', 'per_hour', 'dt', 'diff', 'monotonic_diff', 'derivative', 'moving_rollup'],
  ...['autosmooth', 'ewma_3', 'ewma_5', 'ewma_7', 'ewma_10', 'ewma_20', 'median_3', 'median_5', 'median_7', 'median_9'],
  ...['hour_before', 'day_before', 'week_before', 'month_before', 'timeshift', 'calendar_shift'],
  ...['robust_trend', 'trend_line', 'piecewise_constant', 'anomalies', 'outliers', 'forecast'],
];
/** `top10`, `bottom5_max`: the first or last few by their mean, highest, lowest, last value, sum or area. */
const ranked = /^(top|bottom)(5|10|15|20)(_(mean|max|min|last|sum|area|l2norm|norm))?$/;

/** Whether Datadog documents the function. */
export function isFunction(name: string): boolean {
  return names.includes(name) || ranked.test(name);
}

/** The documented function that a mistyped name stands for; undefined for a name that is like none. */
export function functionMeant(name: string): string | undefined {
  return isFunction(name) ? undefined : mistyped(name, names);
}
