// The verdict from a record, on a terminal.
import { withArticle } from '../../model/article.ts';
import { capitalize, formatCount, formatDuration, formatNumberOf, noData } from '../format/format.ts';
import { plainLine } from '../format/plain-text.ts';
import type { RecordedInstance } from '../recorded/judge-type.ts';
import type { RecordSizing } from '../recorded/size-record.ts';
import { formatHours, formatUsd, minute } from './recorded.ts';
import { textOf } from './text-of.ts';

const colors = { fits: 32, 'does-not-fit': 31, inconclusive: 33 } as const;

export const recordVerdicts = { fits: 'fits', 'does-not-fit': 'does not fit', inconclusive: 'inconclusive' } as const;

/** A line per type, why, and what to know. */
export function renderRecordSizing(sizing: RecordSizing, { color }: { readonly color: boolean }): string {
  const heads = ['type', 'verdict', 'lowest credits', 'throttled', 'first throttled', 'above all vCPUs', '$/month'];
  const rows = sizing.instances.map(row);
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const align = (cells: readonly string[], verdict?: RecordedInstance['verdict']) =>
    cells
      .map((cell, column) => {
        const padded = column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
        return column === 1 && verdict && color ? `\u001b[${colors[verdict]}m${padded}\u001b[0m` : padded;
      })
      .join('  ')
      .trimEnd();
  return [
    plainLine(describeRecord(sizing)),
    '',
    align(heads),
    ...rows.map((cells, index) => align(cells, sizing.instances[index]?.verdict)),
    '',
    ...sizing.instances.map((each) => `${each.instanceType}: ${plainLine(reasonsOf(each))}.`),
    '',
    plainLine(`${textOf(sizing.recommendation)}.`),
    ...(sizing.graded?.findings ?? []).map((each) => plainLine(`${textOf(each)}.`)),
    ...sizing.notes.map((note) => plainLine(`${capitalize(textOf(note))}.`)),
    ...sizing.history.files.map((file) => plainLine(`Read ${textOf(file)}.`)),
  ].join('\n');
}

/** `t2.medium, 2026-01-01 00:00 UTC to ... (14 days), 4,032 points of 5 min`. */
export function describeRecord({ history: { of, from, to, points, intervalS } }: RecordSizing): string {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  const length = days < 2 ? formatHours(24 * days) : formatNumberOf(Number(days.toFixed(1)), 'day');
  return `CPU of ${withArticle(of)}, ${minute(from)} to ${minute(to)} (${length}), ${formatCount(points)} points of ${formatDuration(intervalS)}`;
}

/** All checks that came to the verdict; where none did, what decided. */
export function reasonsOf({ verdict, because, checks }: RecordedInstance): string {
  const found = checks.filter((check) => check.verdict === verdict).map((check) => check.because);
  return (found.some(({ code }) => code === because.code) ? found : [because]).map((each) => textOf(each)).join('. ');
}

function row(each: RecordedInstance): string[] {
  const isStandard = each.mode === 'standard';
  return [
    each.mode === undefined || isStandard ? each.instanceType : `${each.instanceType} (${each.mode})`,
    recordVerdicts[each.verdict],
    each.lowestCredits === undefined ? '-' : each.lowestCredits.toFixed(1),
    !isStandard ? '-' : each.throttledHours === 0 ? 'never' : formatHours(each.throttledHours),
    each.firstThrottledAt === undefined ? '-' : minute(each.firstThrottledAt),
    each.aboveAllVcpusHours === 0 ? 'never' : formatHours(each.aboveAllVcpusHours),
    each.usdPerMonth === undefined ? noData : formatUsd(each.usdPerMonth),
  ];
}
