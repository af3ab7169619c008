// The threshold language: `latency.p99 < 100ms`, `errors.rate < 1%`, `system.cpu.user.max < 90%`.
import * as z from 'zod';
import { type Finding, findingSchema } from './finding.ts';
import { type Aggregation, aggregations, hostMetrics, loadMetrics, type Unit, units } from './metric.ts';
import { didYouMean } from './nearest.ts';
import { UserError } from './user-error.ts';

const operators = ['<', '<=', '>', '>='] as const;
type Operator = (typeof operators)[number];

/** A parsed threshold. `limit` is in the metric's base unit (µs, percent, bytes, per second). */
export type Threshold = {
  /** The sentence in its normal form, as reports print it. */
  readonly expression: string;
  /** A name of the metric catalogue. */
  readonly metric: string;
  /** For series (host metrics) only. */
  readonly aggregation?: Aggregation;
  readonly operator: Operator;
  readonly limit: number;
  readonly unit: Unit;
};

/** What became of a threshold; `value` is absent when there was no sample to judge. */
export const thresholdResultSchema = z.object({
  expression: z.string(),
  /** In the base unit. */
  value: z.number().exactOptional(),
  unit: z.enum(units),
  verdict: z.enum(['pass', 'fail', 'no-data']),
  /** Why there is no data. */
  reason: findingSchema.exactOptional(),
});
export type ThresholdResult = z.infer<typeof thresholdResultSchema>;

/** Looks a figure up; a finding is why there is none. */
export type Lookup = (metric: string, aggregation?: Aggregation) => number | Finding;

/** How each unit may be written, and what one of it is in the base unit. */
const suffixes: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  us: { us: 1, µs: 1, ms: 1e3, s: 1e6 },
  percent: { '%': 1 },
  'per-second': { '/s': 1 },
  bytes: { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 },
  count: { '': 1 },
  load: { '': 1 },
  fraction: { '': 1 },
  credits: { '': 1 },
};

/** Parses one threshold; throws a UserError that points at the offending character. */
export function parseThreshold(text: string): Threshold {
  const fail = (position: number, expected: string): never => {
    throw new UserError(`threshold not understood:\n  ${text}\n  ${' '.repeat(position)}^ ${expected}`);
  };
  const [, lead = '', name = ''] = /^(\s*)([A-Za-z][\w.]*)?/.exec(text) ?? [];
  if (name === '') fail(lead.length, `expected a metric, for example latency.p99 or system.cpu.user.max`);
  const { metric, aggregation, unit } = resolveMetric(name, (expected) => fail(lead.length, expected));

  let position = lead.length + name.length;
  position += /^\s*/.exec(text.slice(position))?.[0].length ?? 0;
  const [operator = ''] = /^(<=|>=|<|>)/.exec(text.slice(position)) ?? [];
  if (operator === '') fail(position, 'expected one of < <= > >=');

  position += operator.length;
  position += /^\s*/.exec(text.slice(position))?.[0].length ?? 0;
  const [digits = ''] = /^\d+(\.\d+)?/.exec(text.slice(position)) ?? [];
  if (digits === '') fail(position, 'expected a number, for example 100 or 0.5');

  position += digits.length;
  position += /^\s*/.exec(text.slice(position))?.[0].length ?? 0;
  const suffix = text.slice(position).trimEnd();
  const factor = Object.hasOwn(suffixes[unit], suffix) ? suffixes[unit][suffix] : undefined;
  if (factor === undefined) {
    const allowed = Object.keys(suffixes[unit]).filter((key) => key !== '');
    return fail(
      position,
      allowed.length === 0
        ? 'expected nothing more: this figure has no unit'
        : `expected the unit ${allowed.join(' or ')}`,
    );
  }
  return {
    expression: `${name} ${operator} ${shortest(digits)}${suffix}`,
    metric,
    ...(aggregation && { aggregation }),
    operator: operator as Operator,
    limit: Number(digits) * factor,
    unit,
  };
}

/** The digits without idle zeros: as a number they could be printed with an exponent, which does not parse again. */
function shortest(digits: string): string {
  const [whole = '', fraction = ''] = digits.split('.');
  const rest = fraction.replace(/0+$/, '');
  return whole.replace(/^0+(?=\d)/, '') + (rest === '' ? '' : `.${rest}`);
}

/** Judges one threshold against measured figures; a figure that is not there is `no-data`, never a pass. */
export function evaluateThreshold(threshold: Threshold, lookup: Lookup): ThresholdResult {
  const { expression, unit, operator, limit } = threshold;
  const found = lookup(threshold.metric, threshold.aggregation);
  if (typeof found !== 'number') return { expression, unit, verdict: 'no-data', reason: found };
  const holds = { '<': found < limit, '<=': found <= limit, '>': found > limit, '>=': found >= limit }[operator];
  return { expression, unit, value: found, verdict: holds ? 'pass' : 'fail' };
}

function resolveMetric(
  name: string,
  fail: (expected: string) => never,
): { metric: string; aggregation?: Aggregation; unit: Unit } {
  const loadUnit = Object.hasOwn(loadMetrics, name) ? loadMetrics[name] : undefined;
  if (loadUnit) return { metric: name, unit: loadUnit };
  const dot = name.lastIndexOf('.');
  const aggregation = aggregations.find((known) => known === name.slice(dot + 1));
  const host = aggregation ? name.slice(0, dot) : name;
  const hostUnit = Object.hasOwn(hostMetrics, host) ? hostMetrics[host] : undefined;
  if (hostUnit && aggregation) return { metric: name.slice(0, dot), aggregation, unit: hostUnit };
  if (hostUnit)
    fail(`expected an aggregation after ${name}: ${aggregations.map((known) => `${name}.${known}`).join(' or ')}`);
  const known = [...Object.keys(loadMetrics), ...Object.keys(hostMetrics).map((metric) => `${metric}.max`)];
  return fail(
    `unknown metric.${didYouMean(name, known, ` Use ${Object.keys(loadMetrics).join(', ')} or one like system.cpu.user.max`)}`,
  );
}
