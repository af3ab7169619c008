// A history on a terminal: the decision first and last, and a row for each run.
import { knownMetrics } from '../charts/history.ts';
import type { History } from '../comparison/history.ts';
import { formatTime, noData } from '../format/format.ts';
import { paintFirst } from '../format/outcome.ts';
import { plainLine } from '../format/plain-text.ts';
import { alignTable, fitBetween, type TextColumn, usualColumns, wrap } from '../format/wrap.ts';
import { figureName, formatFigure } from '../messages/metric-text.ts';
import { sentences, textOf } from '../messages/text-of.ts';
import type { TerminalOptions } from './terminal.ts';

const mostRuns = 12;

/** At most 25 lines. */
export function summarizeHistory(
  { decision, runs }: History,
  { color, columns = usualColumns, places = [] }: Omit<TerminalOptions, 'verbose'>,
): string {
  const answer = textOf(decision.answer);
  const verdict = (most: number) =>
    paintFirst(wrap(`${answer}: ${textOf(decision)}`, columns, { indent: 2, most }), [answer, decision.verdict], color);
  const metrics = knownMetrics(runs);
  const heads: readonly TextColumn[] = [
    { head: 'run', align: 'left', rank: 0 },
    { head: 'began, UTC', align: 'left', rank: 9 },
    ...metrics.map((metric, index): TextColumn => ({ head: figureName(metric), align: 'right', rank: index })),
  ];
  // Several runs may have one name.
  const shown = runs
    .map((run, index) => ({ ...run, label: `${index + 1}. ${plainLine(run.name ?? run.id).slice(0, 32)}` }))
    .slice(-mostRuns);
  const rows = shown.map(({ label, startedAt, figures }) => [
    label,
    formatTime(startedAt).slice(0, 16),
    ...metrics.map((metric) => {
      const found = figures[metric];
      return found ? formatFigure(metric, found.value) : noData;
    }),
  ]);
  const leftOut = shown.flatMap((run) =>
    run.leftOut === undefined
      ? []
      : [wrap(`${run.label}: not judged: ${sentences(run.leftOut)}`, columns, { indent: 2, most: 1 })],
  );
  return fitBetween(
    [...wrap(textOf(decision.question), columns), ...verdict(3), ...alignTable(heads, rows, columns)],
    leftOut,
    [...places.flatMap((place) => wrap(place, columns)), ...verdict(1)],
  );
}
