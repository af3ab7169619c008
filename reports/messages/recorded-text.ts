// The verdict from a record, on a terminal.
import { withArticle } from '../../model/article.ts';
import {
  capitalize,
  formatCount,
  formatDuration,
  formatHours,
  formatNumberOf,
  formatUsd,
  noData,
} from '../format/format.ts';
import { paint } from '../format/outcome.ts';
import { alignTable, fitBetween, type TextColumn, usualColumns, wrap } from '../format/wrap.ts';
import type { RecordedInstance } from '../recorded/judge-type.ts';
import type { WhatIf } from '../recorded/record-page.ts';
import type { RecordSizing } from '../recorded/size-record.ts';
import { minute } from './recorded.ts';
import { textOf } from './text-of.ts';

export const recordVerdicts = { fits: 'fits', 'does-not-fit': 'does not fit', inconclusive: 'inconclusive' } as const;

const outcomes = { fits: 'pass', 'does-not-fit': 'fail', inconclusive: 'depends' } as const;
const columnsOfTypes: readonly TextColumn[] = [
  { head: 'type', align: 'left', rank: 0 },
  { head: 'verdict', align: 'left', rank: 0 },
  { head: 'lowest credits', align: 'right', rank: 2 },
  { head: 'throttled', align: 'right', rank: 1 },
  { head: 'first throttled', align: 'right', rank: 4 },
  { head: 'above all vCPUs', align: 'right', rank: 3 },
  { head: '$/month', align: 'right', rank: 0 },
];
/** Of a reason or a note; the page has the rest. */
const mostOfEach = 2;

/** The recommendation first and last; a line per type, why, and what to know. At most 25 lines. `place`: where the page is. */
export function renderRecordSizing(
  sizing: RecordSizing,
  {
    color,
    columns = usualColumns,
    place,
  }: { readonly color: boolean; readonly columns?: number | undefined; readonly place?: string },
): string {
  const { instances, recommendation, graded, notes, history } = sizing;
  const table = alignTable(columnsOfTypes, instances.map(row), columns).map((line, index) => {
    const verdict = instances[index - 1]?.verdict;
    const word = verdict && recordVerdicts[verdict];
    return word ? line.replace(word, paint(outcomes[verdict], word, color)) : line;
  });
  const recommended = (most?: number) =>
    wrap(`${textOf(recommendation)}.`, columns, { indent: 2, ...(most && { most }) });
  const texts = [
    ...instances.map((each) => `${each.instanceType}: ${reasonsOf(each)}.`),
    ...[...(graded?.findings ?? []), ...notes].map((each) => `${capitalize(textOf(each))}.`),
    ...history.files.map((file) => `Read ${textOf(file)}.`),
  ];
  return fitBetween(
    [...recommended(), ...wrap(describeRecord(sizing), columns, { indent: 2 }), ...table],
    texts.map((text) => wrap(text, columns, { indent: 2, most: mostOfEach })),
    [...(place === undefined ? [] : wrap(place, columns)), ...recommended(2)],
  );
}

/** `t2.medium, 2026-01-01 00:00 UTC to ... (14 days), 4,032 points of 5 min`. */
export function describeRecord({ history: { of, from, to, points, intervalS } }: RecordSizing): string {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  const length = days < 2 ? formatHours(24 * days) : formatNumberOf(Number(days.toFixed(1)), 'day');
  return `CPU of ${withArticle(of)}, ${minute(from)} to ${minute(to)} (${length}), ${formatCount(points)} points of ${formatDuration(intervalS)}`;
}

/** `14 types that cost no more: 9 fit in standard mode, 12 in unlimited mode`. */
export function describeCheaper(whatIf: readonly WhatIf[]): string {
  const [standard, unlimited] = (['standard', 'unlimited'] as const).map(
    (mode) => whatIf.filter((each) => each[mode]?.verdict === 'fits').length,
  );
  return `${formatNumberOf(whatIf.length, 'type')} that cost no more: ${standard} fit in standard mode, ${unlimited} in unlimited mode`;
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
