// The page of a comparison: two runs -> index.html, which opens with the decision.

import { comparisonCharts } from '../charts/all.ts';
import { drawSections } from '../charts/drawing/chart.ts';
import type { RunComparison, Side } from '../comparison/compare-runs.ts';
import * as format from '../format/format.ts';
import { verdictWord } from '../format/outcome.ts';
import { plainRecord } from '../format/plain-text.ts';
import { comparisonBanner } from '../messages/banner.ts';
import { limitName } from '../messages/limits.ts';
import { nextSteps } from '../messages/next-steps.ts';
import { comparedQuestions } from '../messages/short-questions.ts';
import { textOf } from '../messages/text-of.ts';
import { comparisonCards } from '../tables/cards.ts';
import { foldTable, sideBySideTable } from '../tables/comparison.ts';
import { marginTable, stagesTable } from '../tables/comparison-stages.ts';
import { riskTable } from '../tables/risks.ts';
import { template } from './template.ts';

/** Like the page of a run: fetches nothing but report.css, has no script, escapes text from outside. Links to both runs' pages beside it. */
export function renderComparison(record: RunComparison): string {
  const comparison = plainRecord(record);
  const [differences, both] = foldTable(comparison, sideBySideTable(comparison));
  const { baseline, candidate, notes, machines } = comparison;
  return template('comparison')({
    textOf,
    baseline,
    candidate,
    notes,
    format,
    banner: comparisonBanner(comparison),
    cards: comparisonCards(comparison),
    questions: comparedQuestions(comparison),
    checks: machines && describeChecks(machines),
    predictions: (machines?.predictions ?? []).map(textOf),
    next: machines && nextSteps(comparison),
    charts: drawSections(comparisonCharts, comparison),
    tables: {
      risks: riskTable(comparison, 'largest'),
      furtherRisks: riskTable(comparison, 'others'),
      differences,
      both,
      margins: marginTable(comparison),
      stages: stagesTable(comparison),
    },
    sides: [describeSide(candidate, 'candidate.html'), describeSide(baseline, 'baseline.html')],
  });
}

function describeSide({ label, run, judged }: Side, href: string) {
  const verdict = verdictWord(judged.verdict);
  return {
    label,
    run,
    href,
    headline: `${verdict}. ${textOf(judged.headline)}.`,
    measured: `Run ${run.id}, begun ${format.formatTime(run.startedAt)}; the measurement is ${judged.validity.verdict}. `,
    reasons: [...judged.validity.reasons, ...judged.disturbances, ...judged.warnings],
  };
}

/** What each verdict rests on, check by check. */
function describeChecks({ candidate, baseline }: NonNullable<RunComparison['machines']>) {
  return [candidate, baseline].map(({ instanceType, sized }) => ({
    instanceType,
    checks: sized.checks.map(({ limit, because }) => ({ limit: limitName(limit), because: textOf(because) })),
  }));
}
