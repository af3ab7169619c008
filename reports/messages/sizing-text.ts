// The sizing verdict on a terminal.
import { formatDay, formatDuration, formatNumberOf, formatPercent, formatRate, noData } from '../format/format.ts';
import { plainLine } from '../format/plain-text.ts';
import type { Estimate } from '../series/regression.ts';
import type { Sizing } from '../sizing/size-run.ts';
import type { SizedInstance } from '../sizing/size-type.ts';

const words = { fits: ['fits', 32], 'does-not-fit': ['does not fit', 31], inconclusive: ['open', 33] } as const;

/** A line per type, why, and what to do. */
export function renderSizing(sizing: Sizing, { color }: { readonly color: boolean }): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const measured = sizing.instances.some((each) => each.measured);
  const capacity = measured
    ? ['burst: predicted', 'measured', 'sustained: predicted', 'measured']
    : ['burst', 'sustained'];
  const heads = ['type', 'verdict', 'limit', ...capacity, 'throttles after', '$/month', '$/million requests'];
  const rows = sizing.instances.map((each) => row(each, measured));
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const align = (cells: readonly string[], verdict?: SizedInstance['verdict']) =>
    cells
      .map((cell, column) => {
        const padded = column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
        return column === 1 && verdict ? paint(words[verdict][1], padded) : padded;
      })
      .join('  ')
      .trimEnd();
  return [
    align(heads),
    ...rows.map((cells, index) => align(cells, sizing.instances[index]?.verdict)),
    '',
    ...sizing.instances.map((each) => `${each.instanceType}: ${plainLine(reasons(each))}.`),
    '',
    ...describe(sizing).map(plainLine),
  ].join('\n');
}

/** What decided; of a type that fits, also the rest in its order: memory, burst CPU, credits, latency. */
function reasons({ verdict, because, checks }: SizedInstance): string {
  return verdict === 'fits' ? checks.map((check) => check.because).join('; ') : because;
}

/** The verdict in two words, or with the load that it holds for. */
export function verdictText({ verdict, sustainableLoad, sustainedPerS }: SizedInstance): string {
  if (verdict !== 'fits' || !sustainableLoad || !sustainedPerS) return words[verdict][0];
  return `fits up to ${formatRate(sustainableLoad.sustainedPerS)}`;
}

/** At full load without traffic, else in the day; undefined when that is not known. */
export function throttlesAfter({ hoursToThrottle, day, sustainableLoad }: SizedInstance): string | undefined {
  if (hoursToThrottle !== undefined) return formatDuration(hoursToThrottle * 3600);
  return day || sustainableLoad ? 'never' : undefined;
}

function row(each: SizedInstance, measured: boolean): string[] {
  const rate = (perS: number | undefined) => (perS === undefined ? noData : formatRate(perS));
  const found = (state: 'burst' | 'sustained') => (measured ? [rate(each.measured?.[state]?.perS)] : []);
  return [
    each.instanceType,
    verdictText(each),
    each.limitedBy,
    rate(each.burstPerS?.value),
    ...found('burst'),
    rate(each.sustainedPerS?.value),
    ...found('sustained'),
    throttlesAfter(each) ?? '-',
    each.usdPerMonth.toFixed(2),
    each.usdPerMillionRequests === undefined ? '-' : each.usdPerMillionRequests.toFixed(3),
  ];
}

/** The recommendation, and everything that it rests on. */
function describe({ run, instances, serviceDemand, traffic, recommendation }: Sizing): string[] {
  const notes = new Map<string, string[]>();
  for (const each of instances)
    for (const note of each.notes) notes.set(note, [...(notes.get(note) ?? []), each.instanceType]);
  return [
    recommendation.text,
    ...(recommendation.nextExperiment === undefined ? [] : [`Next: ${recommendation.nextExperiment}`]),
    ...(traffic
      ? [
          `Traffic: ${traffic.source}${/ requests a day/.test(traffic.source) ? '' : `, ${formatDay(traffic.requestsPerDay)} requests a day`}, at most ${formatRate(traffic.peakPerS)}.`,
          ...traffic.notes.map((note) => `Traffic: ${note}.`),
        ]
      : []),
    ...(serviceDemand
      ? [
          `Predicted from run ${run} (its own type is a fit to itself). CPU per request (${serviceDemand.used.of}): ${milliseconds(serviceDemand.used.demandMs)}, from ${formatNumberOf(serviceDemand.used.stages, 'stage')}${serviceDemand.used.r2 === undefined ? '' : `, fit R² ${formatPercent(100 * serviceDemand.used.r2)}`}.`,
        ]
      : []),
    ...[...notes].map(([note, types]) => `${types.join(', ')}: ${note}.`),
  ];
}

function milliseconds({ value, low, high }: Estimate): string {
  return `${value.toPrecision(3)} ms (${low.toPrecision(3)} to ${high.toPrecision(3)})`;
}
