// The verdict from a record, on a terminal.
import { withArticle } from '../../model/article.ts';
import { capitalize, formatCount, formatDuration, formatNumberOf, noData } from '../format/format.ts';
import { paint } from '../format/outcome.ts';
import { alignTable, type TextColumn, usualColumns, wrap } from '../format/wrap.ts';
import type { RecordedInstance } from '../recorded/judge-type.ts';
import type { RecordSizing } from '../recorded/size-record.ts';
import { formatHours, formatUsd, minute } from './recorded.ts';
import { textOf } from './text-of.ts';

const outcomes = { fits: 'pass', 'does-not-fit': 'fail', inconclusive: 'depends' } as const;

const heads: readonly TextColumn[] = [
  { head: 'type', align: 'left', rank: 0 },
  { head: 'verdict', align: 'left', rank: 0 },
  { head: 'lowest credits', align: 'right', rank: 3 },
  { head: 'throttled', align: 'right', rank: 1 },
  { head: 'first throttled', align: 'right', rank: 4 },
  { head: 'above all vCPUs', align: 'right', rank: 2 },
  { head: '$/month', align: 'right', rank: 0 },
];

export const recordVerdicts = { fits: 'fits', 'does-not-fit': 'does not fit', inconclusive: 'inconclusive' } as const;

/** A line per type, why, and what to know. */
export function renderRecordSizing(
  sizing: RecordSizing,
  { color, columns = usualColumns }: { readonly color: boolean; readonly columns?: number | undefined },
): string {
  const table = alignTable(heads, sizing.instances.map(row), columns).map((line, index) => {
    const verdict = sizing.instances[index - 1]?.verdict;
    return verdict ? line.replace(recordVerdicts[verdict], (word) => paint(outcomes[verdict], word, color)) : line;
  });
  const text = (line: string) => wrap(line, columns, { indent: 2 });
  return [
    ...text(describeRecord(sizing)),
    '',
    ...table,
    '',
    ...sizing.instances.flatMap((each) => text(`${each.instanceType}: ${reasonsOf(each)}.`)),
    '',
    ...text(`${textOf(sizing.recommendation)}.`),
    ...(sizing.graded?.findings ?? []).flatMap((each) => text(`${textOf(each)}.`)),
    ...sizing.notes.flatMap((note) => text(`${capitalize(textOf(note))}.`)),
    ...sizing.history.files.flatMap((file) => text(`Read ${textOf(file)}.`)),
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
