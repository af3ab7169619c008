// A comparison as it reads in a pull request, on a terminal, and as a document for programs.
import type { RunComparison, Side } from '../comparison/compare-runs.ts';
import { paint, verdictSign } from '../format/outcome.ts';
import { plainLine } from '../format/plain-text.ts';
import { describeDivergence } from '../messages/divergence-text.ts';
import { describeDifference } from '../messages/metric-text.ts';
import { textOf } from '../messages/text-of.ts';
import { describeEmulation, sideBySideTable } from '../tables/comparison.ts';
import { fromTable, markdownList, markdownWarnings, md } from './markdown-text.ts';

/** The decision, the table, and what else a reader must know. */
export function renderComparisonMarkdown(comparison: RunComparison): string {
  const { decision, baseline, candidate, margins, notes, paired, machines } = comparison;
  const blocks = [
    `## ${verdictSign(decision.verdict)} ${md(textOf(decision.question))} ${md(textOf(decision.answer))}`,
    `**${md(textOf(decision))}**`,
    markdownWarnings((decision.caveats ?? []).map(textOf)),
    fromTable(sideBySideTable(comparison)),
    markdownList(inDecision(comparison) ? [] : margins.map(textOf)),
    markdownList((machines?.predictions ?? []).map(textOf)),
    describeEmulation(comparison) ?? '',
    md(describeDivergence(paired)),
    markdownList(notes.map(textOf)),
    `<sub>Runs ${md(candidate.run.id)} and, as baseline, ${md(baseline.run.id)} · validity: ${candidate.judged.validity.verdict}, ${baseline.judged.validity.verdict}</sub>`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Whether the reasons of the decision include the margins. */
function inDecision({ decision }: RunComparison): boolean {
  return decision.parts.some(({ code }) => code === 'margin' || code === 'credits-only-stages');
}

/** At most 20 lines for a terminal. */
export function summarizeComparison(comparison: RunComparison, options: { readonly color: boolean }): string {
  const { differences, margins, notes, paired } = comparison;
  return [
    summarizeDecision(comparison, options),
    ...(inDecision(comparison) ? [] : margins.slice(0, 5)).map((each) => `margin      ${plainLine(textOf(each))}`),
    ...differences.map(
      (each) => `${each.verdict === 'differs' ? 'differs' : 'similar'}     ${describeDifference(each)}`,
    ),
    `over time   ${plainLine(describeDivergence(paired))}`,
    ...notes.slice(0, 5).map((each) => `setup       ${plainLine(textOf(each))}`),
  ].join('\n');
}

/** The question and its answer on a line, and the caveats. */
export function summarizeDecision({ decision }: RunComparison, { color }: { readonly color: boolean }): string {
  const answer = paint(decision.verdict, textOf(decision.answer), color);
  return [
    `${plainLine(textOf(decision.question))} ${answer}: ${plainLine(textOf(decision))}`,
    ...(decision.caveats ?? []).slice(0, 4).map((each) => `caveat      ${plainLine(textOf(each))}`),
  ].join('\n');
}

/** For programs: the comparison, and each run without its stages and histograms. */
export function comparisonDocument({ baseline, candidate, ...found }: RunComparison): object {
  const side = ({ label, run, judged, spread }: Side) => {
    const { id, name, startedAt, command, target, generator } = run;
    return {
      label,
      run: { id, ...(name !== undefined && { name }), startedAt, command, target, generator },
      judged,
      spread,
    };
  };
  return { ...found, baseline: side(baseline), candidate: side(candidate) };
}
