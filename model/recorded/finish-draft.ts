// The points of a file as its reader found them -> metrics in order of time, checked.
import type { Finding } from '../finding.ts';
import { modelFinding } from '../messages.ts';
import { UserError } from '../user-error.ts';
import { isCpuPercent } from './metric-name.ts';
import { periodsOf } from './periods.ts';
import type { Draft, ReadOptions, RecordedMetric, Statistic } from './recorded-file.ts';

/** A sum over CPUs can be a small percentage: an instance whose size is not known is taken to have up to so many. */
const fewVcpus = 4;
/** A rate is extrapolated: a busy CPU can come out at so much. */
const extrapolated = 1.05;
/** Programs round, and count CPU time by ticks: so much above 100 % is 100 %, and so much below 0 is 0. */
const roundingPercent = 0.5;

/** One metric of a file. Throws a UserError that names the line for a value that cannot be, and for two values at one time. */
export function finishDraft(
  file: string,
  draft: Draft,
  options: ReadOptions,
): { metric: RecordedMetric; notes: Finding[] } {
  const { metric, stamped, intervalS, placeOf } = draft;
  const isPercent = isCpuPercent(metric);
  const scale = isPercent && isFraction(file, draft, options) ? 100 : 1;
  if (isPercent) checkPercent(file, draft, scale);
  const order = sortedOrder(draft.times);
  const { times, values, repeated } = withoutRepeats(draft, order, (index) => `${file} ${placeOf(index)}`);
  if (times.length < 2 && intervalS === undefined)
    throw new UserError(
      `${file} has a single time for ${nameOf(draft)}. Give at least two, so that the period is known`,
    );
  if (scale !== 1 || isPercent || draft.inverted) {
    for (let index = 0; index < values.length; index++) {
      const value = (values[index] as number) * scale;
      const percent = isPercent ? Math.max(0, Math.min(100, value)) : value;
      values[index] = draft.inverted ? 100 - percent : percent;
    }
  }
  const statistic = draft.inverted ? opposite(draft.statistic) : draft.statistic;
  return {
    metric: { metric, statistic, ...periodsOf(times, stamped, intervalS), values },
    notes: [
      ...(repeated > 0 ? [modelFinding('points-repeated', { file, metric, points: repeated })] : []),
      ...(isPerhapsIdle(draft) ? [modelFinding('perhaps-idle', { file })] : []),
    ],
  };
}

/** Use by a name that does not say percent, of a machine that is busy throughout: idle time looks so. */
function isPerhapsIdle({ inverted, unitUnknown, values }: Draft): boolean {
  if (!inverted || !unitUnknown) return false;
  return values.reduce((busy, value) => busy + (value > 80 ? 1 : 0), 0) > 0.9 * values.length;
}

/** The statistic of `100 - value`. */
export function opposite(statistic: Statistic): Statistic {
  return statistic === 'max' ? 'min' : statistic === 'min' ? 'max' : statistic;
}

/** Whether CPU values are shares of 1. */
function isFraction(file: string, draft: Draft, { unit, vcpus = 0 }: ReadOptions): boolean {
  const { values, unitUnknown, isSum, highest } = draft;
  if (!unitUnknown) return false;
  if (unit !== undefined) return unit === 'fraction';
  // Neither can be; `checkPercent` names its line.
  if (values.some((value) => value < -roundingPercent)) return false;
  const most = isSum ? Math.max(fewVcpus, vcpus) : 1;
  const limit = isSum ? most * extrapolated : most;
  // An idle machine uses less than 1 % too.
  if (highest === undefined ? values.every((value) => value <= limit) : highest <= limit)
    throw new UserError(
      `${file} has values from 0 to ${most} only, which can be percent or shares of all vCPUs. Add --unit percent or --unit fraction, and divide a sum over CPUs by their number`,
    );
  return false;
}

/** What a message calls it. */
function nameOf({ metric, inverted }: Pick<Draft, 'metric' | 'inverted'>): string {
  return inverted ? 'CPU use' : metric;
}

function checkPercent(file: string, draft: Draft, scale: number): void {
  const { values, placeOf } = draft;
  for (let index = 0; index < values.length; index++) {
    const percent = (values[index] as number) * scale;
    if (percent >= -roundingPercent && percent <= 100 + roundingPercent) continue;
    const where = `${file} ${placeOf(index)}`;
    if (percent > 100 && isCounter(values))
      throw new UserError(
        `${where}: the values only rise, up to ${Number(Math.max(...values.slice(-1)).toPrecision(6))}, so this is a counter and not CPU in percent. Record its rate, like 100 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100`,
      );
    const why = percent < 0 ? 'is negative' : 'is more than 100 % of all vCPUs';
    const what = percent < 0 ? 'Give CPU' : 'Divide percent of one core by the number of vCPUs, to give CPU';
    throw new UserError(
      `${where}: ${Number(percent.toPrecision(6))} ${why}, which ${nameOf(draft)} cannot be. ${what} in percent of all vCPUs`,
    );
  }
}

function isCounter(values: readonly number[]): boolean {
  return values.length > 2 && values.every((value, index) => index === 0 || value >= (values[index - 1] as number));
}

/** The order of the points in time; undefined for points that are in order. */
function sortedOrder(times: readonly number[]): Uint32Array | undefined {
  let inOrder = true;
  for (let index = 1; index < times.length && inOrder; index++)
    inOrder = (times[index] as number) >= (times[index - 1] as number);
  if (inOrder) return undefined;
  return Uint32Array.from(times, (_, index) => index).sort((a, b) => (times[a] as number) - (times[b] as number));
}

/** The points in order, each time once. A time with two values is a UserError. */
function withoutRepeats(draft: Draft, order: Uint32Array | undefined, where: (index: number) => string) {
  const { times, values } = draft;
  const keptTimes = new Float64Array(times.length);
  const keptValues = new Float64Array(times.length);
  let kept = 0;
  for (let place = 0; place < times.length; place++) {
    const index = order?.[place] ?? place;
    const at = times[index] as number;
    const value = values[index] as number;
    if (kept > 0 && keptTimes[kept - 1] === at) {
      const before = keptValues[kept - 1] as number;
      if (before === value) continue;
      throw new UserError(
        `${where(index)}: ${nameOf(draft)} has two values at ${new Date(at).toISOString()}, ${before} and ${value}. Give one machine, one statistic and one period, and the zone of a local clock with --zone`,
      );
    }
    keptTimes[kept] = at;
    keptValues[kept++] = value;
  }
  return {
    times: keptTimes.subarray(0, kept),
    values: keptValues.subarray(0, kept),
    repeated: times.length - kept,
  };
}
