// A comparison as it reads in a pull request, and as a document for programs.
import type { RunComparison, Side } from '../comparison/compare-runs.ts';
import { verdictSign } from '../format/outcome.ts';
import { comparisonBanner } from '../messages/banner.ts';
import { describeDivergence } from '../messages/divergence-text.ts';
import { describeFewCores } from '../messages/few-cores.ts';
import { nextSteps } from '../messages/next-steps.ts';
import { textOf } from '../messages/text-of.ts';
import { comparisonCards } from '../tables/cards.ts';
import { sideBySideTable } from '../tables/comparison.ts';
import { cardTable, fromTable, markdownList, md } from './markdown-text.ts';

/** Verdict, five figures, the largest risk and the differences: under 60 lines. */
export function renderComparisonMarkdown(comparison: RunComparison): string {
  const { baseline, candidate, margins, notes, paired } = comparison;
  const { outcome, question = '', badge, answer, but } = comparisonBanner(comparison);
  const sides = sideBySideTable(comparison);
  const few = describeFewCores(baseline.run, candidate.run);
  const blocks = [
    `## ${verdictSign(outcome)} ${md(question)} ${md(badge)}`,
    `**${md(answer)}.**`,
    but === undefined ? '' : `> **But:** ${md(but)}.`,
    cardTable(comparisonCards(comparison)),
    markdownList(margins.slice(0, mostMargins).map(textOf)),
    `<details><summary>Differences</summary>\n\n${fromTable(sides)}\n\n${md(sides.note ?? '')}\n\n</details>`,
    few.length > 0 ? '' : md(describeDivergence(paired)),
    markdownList(notes.slice(0, mostNotes).map(textOf)),
    ...nextSteps(comparison)
      .slice(0, 1)
      .map(({ text, command }) => (command ? `${md(text)}\n\n\`\`\`sh\n${command}\n\`\`\`` : md(text))),
    `<sub>Report: index.html beside this file. Runs ${md(candidate.run.id)} and, as baseline, ${md(baseline.run.id)}: ${candidate.judged.validity.verdict}, ${baseline.judged.validity.verdict}</sub>`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const mostMargins = 6;
const mostNotes = 5;

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
