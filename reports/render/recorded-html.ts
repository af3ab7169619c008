// The page of a record of CPU.
import type { Finding } from '../../model/finding.ts';
import { recordCharts } from '../charts/all.ts';
import { drawSections } from '../charts/drawing/chart.ts';
import { capitalize } from '../format/format.ts';
import type { Outcome } from '../format/outcome.ts';
import { plainRecord } from '../format/plain-text.ts';
import { describeCheaper, describeRecord, reasonsOf, recordVerdicts } from '../messages/recorded-text.ts';
import { textOf } from '../messages/text-of.ts';
import { askedType, type RecordPage } from '../recorded/record-page.ts';
import { recordTable, whatIfTable } from '../tables/recorded.ts';
import { template } from './template.ts';

/** Like the page of a run: one file beside report.css, no script. */
export function renderRecordPage(page: RecordPage): string {
  const record = plainRecord(page);
  const { sizing, whatIf } = record;
  const risk = largestRisk(sizing);
  return template('recorded')({
    textOf,
    capitalize,
    reasonsOf,
    recordVerdicts,
    sizing,
    describe: describeRecord(sizing),
    banner: bannerOf(sizing, risk),
    notes: sizing.notes.filter((note) => note !== risk),
    charts: drawSections(recordCharts, record),
    cheaper: describeCheaper(whatIf),
    tables: { types: recordTable(sizing.instances), whatIf: whatIfTable(whatIf) },
  });
}

const outcomes: Readonly<Record<string, readonly [badge: string, outcome: Outcome]>> = {
  'record-recommend': ['FITS', 'pass'],
  // An interval straddles: the record itself was read.
  'record-undecided': ['INCONCLUSIVE', 'depends'],
  'record-none': ['DOES NOT FIT', 'fail'],
};

/** Memory, then whatever was assumed. */
function largestRisk({ notes }: RecordPage['sizing']): Finding | undefined {
  return ['memory-not-recorded', 'gaps-are-stops', 'record-short', 'peaks-not-recorded'].flatMap(
    (code) => notes.find((note) => note.code === code) ?? [],
  )[0];
}

function bannerOf(sizing: RecordPage['sizing'], risk: Finding | undefined) {
  const [badge, outcome] = outcomes[sizing.recommendation.code] ?? ['', 'no-verdict'];
  const { instanceType } = askedType(sizing);
  return {
    badge,
    outcome,
    question: `Which instance type fits the CPU that this ${sizing.history.of} used?`,
    answer: textOf(sizing.recommendation),
    instanceType,
    ...(risk && { but: textOf(risk) }),
  };
}
