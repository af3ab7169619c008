// A comparison as it reads in a pull request, on a terminal, and as a document for programs.

import { describeParting } from '../charts/comparison.ts';
import type { RunComparison, Side } from '../comparison/compare-runs.ts';
import { plainLine } from '../format/plain-text.ts';
import { describeChange } from '../messages/difference-text.ts';
import { describeEmulation, sideBySideTable } from '../tables/comparison.ts';
import { markdownTable, md, signs } from './markdown.ts';

/** The decision, the table, two sentences. */
export function renderComparisonMarkdown(comparison: RunComparison): string {
  const { decision, baseline, candidate, margins, notes, paired, machines } = comparison;
  const { columns, rows } = sideBySideTable(comparison);
  const blocks = [
    `## ${signs[decision.verdict]} ${md(decision.question)} ${md(decision.word)}`,
    `**${md(decision.text)}**`,
    (decision.doubts ?? []).map((each) => `> ⚠️ ${md(each)}`).join('\n>\n'),
    markdownTable(
      columns.map(({ name }) => md(name)),
      columns.map(({ kind }) => (kind === 'number' ? 'right' : '')),
      rows.map((row) => row.map(({ text, detail }) => md(detail === undefined ? text : `${text} (${detail})`))),
    ),
    margins.map((each) => `- ${md(each.text)}`).join('\n'),
    (machines?.predictions ?? []).map((each) => `- ${md(each)}`).join('\n'),
    describeEmulation(comparison) ?? '',
    `${md(describeParting(paired))}`,
    notes.map((each) => `- ${md(each)}`).join('\n'),
    `<sub>Runs ${md(candidate.run.id)} and, as baseline, ${md(baseline.run.id)} · validity: ${candidate.judged.validity.verdict}, ${baseline.judged.validity.verdict}</sub>`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** At most 20 lines for a terminal. */
export function summarizeComparison(comparison: RunComparison, options: { readonly color: boolean }): string {
  const { differences, margins, notes, paired } = comparison;
  return [
    summarizeDecision(comparison, options),
    ...margins.slice(0, 5).map((each) => `margin      ${plainLine(each.text)}`),
    ...differences.map(
      (each) => `${each.verdict === 'differs' ? 'differs   ' : 'not shown '}  ${describeChange(each)}`,
    ),
    `parting     ${plainLine(describeParting(paired))}`,
    ...notes.slice(0, 5).map((each) => `not alike   ${plainLine(each)}`),
  ].join('\n');
}

/** The question and its answer on a line, and the doubts about it. */
export function summarizeDecision({ decision }: RunComparison, { color }: { readonly color: boolean }): string {
  const code = { pass: 32, fail: 31, 'no-verdict': 33 }[decision.verdict];
  const word = color ? `\u001b[${code}m${decision.word}\u001b[0m` : decision.word;
  const doubts = (decision.doubts ?? []).slice(0, 4).map((each) => `doubt       ${plainLine(each)}`);
  return [`${plainLine(decision.question)} ${word}: ${plainLine(decision.text)}`, ...doubts].join('\n');
}

/** For programs: what was found, and of each run what it is, without its stages and histograms. */
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
