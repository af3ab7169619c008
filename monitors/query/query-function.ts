// The functions of Datadog's query language, and their arguments behind the series. https://docs.datadoghq.com/dashboards/functions/
import { mistyped } from '../../model/nearest.ts';

type Arguments = {
  /** Patterns of the arguments in order, without quotation marks. */
  readonly patterns: readonly RegExp[];
  /** How many of them may be left out at the end. */
  readonly optional?: number;
  /** Whether `name=value` may follow. */
  readonly hasNamed?: true;
  readonly example: string;
};

const plain = [
  ...['abs', 'log2', 'log10', 'cumsum', 'integral', 'count_nonzero', 'count_not_null', 'exclude_null'],
  ...['default_zero', 'per_second', 'per_minute', 'per_hour', 'dt', 'diff', 'monotonic_diff', 'derivative'],
  ...['autosmooth', 'ewma_3', 'ewma_5', 'ewma_7', 'ewma_10', 'ewma_20', 'median_3', 'median_5', 'median_7', 'median_9'],
  ...['hour_before', 'day_before', 'week_before', 'month_before', 'robust_trend', 'trend_line', 'piecewise_constant'],
];
const whole = /^\d+$/;
const number = /^-?\d+(\.\d+)?$/;
const ranking = [whole, /^(max|mean|min|sum|last|l2norm|area)$/, /^(asc|desc)$/];
const limit: Arguments = { patterns: [number], example: '50' };
const withArguments: Readonly<Record<string, Arguments>> = {
  fill: { patterns: [/^(null|zero|last|linear)$/, whole], optional: 1, example: "'last', 60" },
  cutoff_max: limit,
  cutoff_min: limit,
  clamp_max: limit,
  clamp_min: limit,
  top: { patterns: ranking, example: "10, 'mean', 'desc'" },
  bottom: { patterns: ranking, example: "10, 'mean', 'asc'" },
  top_offset: { patterns: [...ranking, whole], example: "10, 'mean', 'desc', 5" },
  moving_rollup: { patterns: [whole, /^(avg|sum|min|max|count|median)$/], example: "60, 'max'" },
  timeshift: { patterns: [/^-?\d+$/], example: '-3600' },
  calendar_shift: { patterns: [/^-\d+(h|d|w|mo|y)$/, /./], example: "'-1d', 'Europe/Berlin'" },
  anomalies: { patterns: [/^(basic|agile|robust|adaptive)$/, number], hasNamed: true, example: "'basic', 2" },
  outliers: {
    patterns: [/^(scaled)?(dbscan|mad)$/i, number, number],
    optional: 1,
    hasNamed: true,
    example: "'DBSCAN', 3",
  },
  forecast: { patterns: [/^(linear|seasonal)$/, number], hasNamed: true, example: "'linear', 1" },
};
const names = [...plain, ...Object.keys(withArguments)];
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

/** What is wrong with the arguments behind the series, as written; undefined when they are right or the function is not documented. */
export function argumentMistake(name: string, options: readonly string[]): string | undefined {
  if (!isFunction(name)) return undefined;
  const {
    patterns,
    optional = 0,
    hasNamed,
    example,
  }: Arguments = Object.hasOwn(withArguments, name)
    ? (withArguments[name] as Arguments)
    : { patterns: [], example: '' };
  const isNamed = (option: string) => hasNamed === true && /^[a-z_]+=/.test(option);
  const given = options.filter((option) => !isNamed(option)).map((option) => option.replace(/^['"]|['"]$/g, ''));
  const isRight =
    given.length <= patterns.length &&
    given.length >= patterns.length - optional &&
    given.every((option, index) => patterns[index]?.test(option));
  if (isRight) return undefined;
  return `wrong arguments of ${name}(): write it like ${name}(avg:a.metric{*}${example && `, ${example}`})`;
}
