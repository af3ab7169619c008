// The sizing verdict on a terminal.
import {
  formatCpuTime,
  formatDay,
  formatNumberOf,
  formatPercent,
  formatRate,
  formatRateInterval,
  noData,
} from '../format/format.ts';
import { type Outcome, paint } from '../format/outcome.ts';
import { alignTable, fitBetween, type TextColumn, usualColumns, wrap } from '../format/wrap.ts';
import type { Estimate } from '../series/regression.ts';
import type { Sizing } from '../sizing/size-run.ts';
import type { SizedInstance } from '../sizing/size-type.ts';
import { limitName } from './limits.ts';
import { stepOf } from './step.ts';
import { textOf } from './text-of.ts';

/** Green for a traffic that was given; amber without one, and where an interval straddles; grey where nothing was measured. */
function outcomeOf({ verdict, limitedBy, sustainableLoad }: SizedInstance): Outcome {
  if (verdict === 'fits') return sustainableLoad ? 'depends' : 'pass';
  if (verdict === 'does-not-fit') return 'fail';
  return limitedBy === 'measurement' ? 'no-verdict' : 'depends';
}

/** Lines of a reason or a note. */
const mostOfEach = 3;

/** The recommendation first and last; a line per type, why, what to do, and what it rests on. At most 25 lines; `verbose` has no limit. */
export function renderSizing(
  sizing: Sizing,
  {
    color,
    columns = usualColumns,
    verbose = false,
  }: { readonly color: boolean; readonly columns?: number | undefined; readonly verbose?: boolean },
): string {
  const isMeasured = sizing.instances.some((each) => each.measured);
  const rates: readonly TextColumn[] = isMeasured
    ? [
        right('burst, predicted', 5),
        right('burst, measured', 3),
        right('sustained, predicted', 6),
        right('sustained, measured', 2),
      ]
    : [right('burst', 3), right('sustained', 2)];
  const heads: readonly TextColumn[] = [
    { head: 'type', align: 'left', rank: 0 },
    { head: 'verdict', align: 'left', rank: 0 },
    { head: 'bottleneck', align: 'left', rank: 1 },
    ...rates,
    right('time to throttle', 4),
    right('$/month', 0),
    right('$/million requests', 7),
  ];
  const rows = sizing.instances.map((each) => row(each, isMeasured));
  const painted = alignTable(heads, rows, columns).map((line, index) => {
    const each = sizing.instances[index - 1];
    const word = each && textOf(each.summary);
    return each && word ? line.replace(word, paint(outcomeOf(each), word, color)) : line;
  });
  const text = (line: string) => wrap(line, columns, { indent: 2 });
  const entry = (line: string, most = mostOfEach) => wrap(line, columns, { indent: 2, ...(!verbose && { most }) });
  const recommendation = textOf(sizing.recommendation);
  const { nextExperiment } = sizing.recommendation;
  const next = nextExperiment && stepOf(textOf(nextExperiment));
  return fitBetween(
    [...text(recommendation), ...painted],
    [...byTypes(sizing, (each) => [reasons(each)]), ...explain(sizing)].map((line) => entry(line)),
    [
      // A command stays whole: it is pasted.
      ...(next ? [...text(`Next: ${next.text}`), ...(next.command ? [`  ${next.command}`] : [])] : []),
      ...entry(recommendation, 2),
    ],
    verbose ? Number.POSITIVE_INFINITY : undefined,
  );
}

function right(head: string, rank: number): TextColumn {
  return { head, align: 'right', rank };
}

/** The check that decided; of a type that fits, all checks in their order. */
function reasons({ verdict, because, checks }: SizedInstance): string {
  return verdict === 'fits' ? checks.map((check) => textOf(check.because)).join('. ') : textOf(because);
}

function row(each: SizedInstance, isMeasured: boolean): string[] {
  const rate = (perS: number | undefined) => (perS === undefined ? noData : formatRate(perS));
  const found = (state: 'burst' | 'sustained') => {
    if (!isMeasured) return [];
    const { perS, low, high } = each.measured?.[state] ?? {};
    return [perS === undefined ? noData : formatRateInterval({ value: perS, low, high })];
  };
  return [
    each.instanceType,
    textOf(each.summary),
    limitName(each.limitedBy),
    rate(each.burstPerS?.value),
    ...found('burst'),
    rate(each.sustainedPerS?.value),
    ...found('sustained'),
    each.timeToThrottle ? textOf(each.timeToThrottle) : '-',
    each.usdPerMonth === undefined ? '-' : each.usdPerMonth.toFixed(2),
    each.usdPerMillionRequests === undefined ? '-' : each.usdPerMillionRequests.toFixed(3),
  ];
}

/** What the recommendation rests on. */
function explain(sizing: Sizing): string[] {
  return [
    ...explainTraffic(sizing),
    `${textOf(sizing.counted)}.`,
    ...explainDemand(sizing),
    ...byTypes(sizing, ({ notes }) => notes.map(textOf)),
  ];
}

function explainTraffic({ traffic }: Sizing): string[] {
  if (!traffic) return [];
  const perDay =
    traffic.source.code === 'traffic-per-day' ? '' : `, ${formatDay(traffic.requestsPerDay)} requests a day`;
  return [
    `Traffic: ${textOf(traffic.source)}${perDay}, peak ${formatRate(traffic.peakPerS)}.`,
    ...traffic.notes.map((note) => `Traffic: ${textOf(note)}.`),
  ];
}

function explainDemand({ run, serviceDemand }: Sizing): string[] {
  if (!serviceDemand) return [];
  const { of, demandMs, stages, r2 } = serviceDemand.used;
  const fit = r2 === undefined ? '' : `, R² ${formatPercent(100 * r2)}`;
  return [
    `Predicted from run ${run}. CPU per request (${of}): ${cpuTime(demandMs)}, from ${formatNumberOf(stages, 'stage')}${fit}.`,
  ];
}

/** Each text once, with the types that it is about. */
function byTypes({ instances }: Sizing, textsOf: (each: SizedInstance) => readonly string[]): string[] {
  const types = new Map<string, string[]>();
  for (const each of instances)
    for (const text of textsOf(each)) types.set(text, [...(types.get(text) ?? []), each.instanceType]);
  return [...types].map(([text, names]) => `${names.join(', ')}: ${text}.`);
}

function cpuTime({ value, low, high }: Estimate): string {
  return `${formatCpuTime(value)} (${low < high ? `${formatCpuTime(low)} to ${formatCpuTime(high)}` : 'no interval'})`;
}
