// The page of a comparison: two runs -> index.html, which opens with the decision.

import { comparisonCharts } from '../charts/all.ts';
import { drawSections } from '../charts/chart.ts';
import type { RunComparison, Side } from '../comparison/compare-runs.ts';
import * as format from '../format/format.ts';
import { verdictWord } from '../format/outcome.ts';
import { plainRecord } from '../format/plain-text.ts';
import { limitName } from '../messages/limits.ts';
import { textOf } from '../messages/text-of.ts';
import { describeEmulation, sideBySideTable } from '../tables/comparison.ts';
import { marginTable, stagesTable } from '../tables/comparison-stages.ts';
import { latencyTable } from '../tables/load.ts';
import { template } from './template.ts';

/** Like the page of a run: fetches nothing but report.css, has no script, escapes text from outside. Links to both runs' pages beside it. */
export function renderComparison(record: RunComparison): string {
  const comparison = plainRecord(record);
  const { baseline, candidate, decision, notes } = comparison;
  return template('comparison')({
    textOf,
    decision,
    baseline,
    candidate,
    notes,
    format,
    evidence: evidence(comparison),
    questions: questions(comparison),
    charts: drawSections(comparisonCharts, comparison),
    tables: {
      sideBySide: sideBySideTable(comparison),
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
    verdict,
    headline: textOf(judged.headline),
    measured: `Run ${run.id}, begun ${format.formatTime(run.startedAt)}; the measurement is ${judged.validity.verdict}. `,
    reasons: [...judged.validity.reasons, ...judged.disturbances, ...judged.warnings],
    latency: { ...latencyTable(judged), caption: `Latency by stage of ${label}` },
  };
}

/** What the decision is drawn from, type by type, and what it does not say. */
function evidence(comparison: RunComparison) {
  const { machines } = comparison;
  if (!machines) return undefined;
  const emulated = describeEmulation(comparison);
  return {
    types: [machines.candidate, machines.baseline].map(({ instanceType, sized }) => ({
      instanceType,
      checks: sized.checks.map(({ limit, because }) => ({ limit: limitName(limit), because: textOf(because) })),
    })),
    predictions: machines.predictions.map(textOf),
    ...(emulated !== undefined && { emulated }),
  };
}

/** Each question with the answers of both runs; when one run answers it, what the other did not measure is left out. */
function questions({ baseline, candidate }: RunComparison) {
  return candidate.judged.questions.map((question, index) => {
    const all = [candidate, baseline].flatMap(({ label, judged }) =>
      (judged.questions[index]?.answers ?? []).map(({ code, ...answer }) => ({
        code,
        label,
        text: textOf({ code, ...answer }),
      })),
    );
    const answered = all
      .filter(({ code }) => code === 'answered')
      .filter(({ text }, place, each) => each.findIndex((other) => other.text === text) === place)
      .map((answer) => ({ ...answer, label: all.every(({ text }) => text === answer.text) ? 'both' : answer.label }));
    const texts = new Set(all.map(({ text }) => text));
    return {
      question: textOf(question),
      answers:
        answered.length > 0 ? answered : [...texts].map((text) => ({ code: 'not-measured', label: undefined, text })),
    };
  });
}
