// The sizing verdict on a terminal.
import { formatDay, formatNumberOf, formatPercent, formatRate, formatRateInterval, noData } from '../format/format.ts';
import { plainLine } from '../format/plain-text.ts';
import type { Estimate } from '../series/regression.ts';
import type { Sizing } from '../sizing/size-run.ts';
import type { SizedInstance } from '../sizing/size-type.ts';
import { limitName } from './limits.ts';
import { textOf } from './text-of.ts';

const colors = { fits: 32, 'does-not-fit': 31, inconclusive: 33 } as const;

/** A line per type, why, and what to do. */
export function renderSizing(sizing: Sizing, { color }: { readonly color: boolean }): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const isMeasured = sizing.instances.some((each) => each.measured);
  const rates = isMeasured
    ? ['burst: predicted', 'measured', 'sustained: predicted', 'measured']
    : ['burst', 'sustained'];
  const heads = ['type', 'verdict', 'bottleneck', ...rates, 'time to throttle', '$/month', '$/million requests'];
  const rows = sizing.instances.map((each) => row(each, isMeasured));
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const align = (cells: readonly string[], verdict?: SizedInstance['verdict']) =>
    cells
      .map((cell, column) => {
        const padded = column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
        return column === 1 && verdict ? paint(colors[verdict], padded) : padded;
      })
      .join('  ')
      .trimEnd();
  return [
    align(heads),
    ...rows.map((cells, index) => align(cells, sizing.instances[index]?.verdict)),
    '',
    ...sizing.instances.map((each) => `${each.instanceType}: ${plainLine(reasons(each))}.`),
    '',
    ...explain(sizing).map(plainLine),
  ].join('\n');
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
    each.usdPerMonth.toFixed(2),
    each.usdPerMillionRequests === undefined ? '-' : each.usdPerMillionRequests.toFixed(3),
  ];
}

/** The recommendation, and everything that it rests on. */
function explain(sizing: Sizing): string[] {
  const { nextExperiment } = sizing.recommendation;
  return [
    textOf(sizing.recommendation),
    ...(nextExperiment ? [`Next: ${textOf(nextExperiment)}`] : []),
    ...explainTraffic(sizing),
    ...explainDemand(sizing),
    ...explainNotes(sizing),
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
    `Predicted from run ${run}. CPU per request (${of}): ${milliseconds(demandMs)}, from ${formatNumberOf(stages, 'stage')}${fit}.`,
  ];
}

/** Each note once, with the types that it is about. */
function explainNotes({ instances }: Sizing): string[] {
  const notes = new Map<string, string[]>();
  for (const { instanceType, notes: own } of instances)
    for (const note of own.map(textOf)) notes.set(note, [...(notes.get(note) ?? []), instanceType]);
  return [...notes].map(([note, types]) => `${types.join(', ')}: ${note}.`);
}

function milliseconds({ value, low, high }: Estimate): string {
  return `${value.toPrecision(3)} ms (${low.toPrecision(3)} to ${high.toPrecision(3)})`;
}
