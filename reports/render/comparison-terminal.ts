// A comparison on a terminal: the verdict first and last, and what it rests on between them.
import type { RunComparison } from '../comparison/compare-runs.ts';
import { paintFirst } from '../format/outcome.ts';
import { fitBetween, usualColumns, wrap } from '../format/wrap.ts';
import { comparisonBanner } from '../messages/banner.ts';
import { describeDivergence } from '../messages/divergence-text.ts';
import { describeFewCores } from '../messages/few-cores.ts';
import { describeDifference } from '../messages/metric-text.ts';
import { nextSteps } from '../messages/next-steps.ts';
import { textOf } from '../messages/text-of.ts';
import { cardFigure, comparisonCards } from '../tables/cards.ts';
import type { TerminalOptions } from './terminal.ts';

/** A card has a title of up to 24 letters. */
const nameWidth = 25;

/** At most 25 lines, unless `verbose`. */
export function summarizeComparison(comparison: RunComparison, options: TerminalOptions): string {
  const { color, columns = usualColumns, verbose = false, places = [] } = options;
  const { baseline, candidate, decision, differences, margins, notes, paired, risks } = comparison;
  const few = describeFewCores(baseline.run, candidate.run);
  const { badge, question = '', answer, but, outcome } = comparisonBanner(comparison);
  const row = (name: string, text: string, most = 2) =>
    wrap(text, columns, { indent: nameWidth, name, ...(!verbose && { most }) });
  const verdict = (text: string, most: number) =>
    paintFirst(wrap(`${badge}: ${text}`, columns, { indent: 2, most }), [badge, outcome], color);
  const next = nextSteps(comparison)[0];
  const body = [
    ...comparisonCards(comparison).map((card) => row(card.title, `${cardFigure(card)}. ${card.detail}`)),
    ...margins.map((each) => row('margin', textOf(each))),
    ...(few.length > 0 && !verbose ? [] : differences).map((each) =>
      row(each.verdict === 'differs' ? 'differs' : 'similar', describeDifference(each), 1),
    ),
    ...few.map((each) => row('stages', each)),
    ...(verbose
      ? [row('over time', describeDivergence(paired)), ...risks.slice(1).map((each) => row('risk', textOf(each)))]
      : []),
    ...notes.slice(0, verbose ? 9 : 2).map((each) => row('setup', textOf(each), 1)),
  ];
  const head = [
    ...wrap(question, columns),
    ...verdict(verbose ? textOf(decision) : answer, verbose ? 9 : 2),
    ...(but ? row('But:', but) : []),
  ];
  const tail = [
    // A command stays whole: it is pasted.
    ...(next ? [...row('Next:', next.text), ...(next.command ? [`  ${next.command}`] : [])] : []),
    ...places.flatMap((place) => wrap(place, columns)),
    ...verdict(answer, 2),
  ];
  return fitBetween(head, body, tail, verbose ? Number.POSITIVE_INFINITY : undefined);
}
