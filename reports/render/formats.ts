// The files of a report, a comparison and a history. A new format is one entry here and one file beside this one.
import type { RunComparison } from '../comparison/compare-runs.ts';
import type { History } from '../comparison/history.ts';
import { withText } from '../messages/text-of.ts';
import type { RecordPage } from '../recorded/record-page.ts';
import type { Report } from '../schema/report.ts';
import type { Seconds } from '../series/seconds.ts';
import { renderComparison } from './comparison-html.ts';
import { comparisonDocument, renderComparisonMarkdown } from './comparison-markdown.ts';
import { renderCsv } from './csv.ts';
import { renderHistory, renderHistoryMarkdown } from './history-html.ts';
import { readStyleSheet } from './html.ts';
import { renderComparisonJunit, renderJunit } from './junit.ts';
import { renderLoadPerformance } from './load-performance.ts';
import { renderMarkdown } from './markdown.ts';
import { renderOpenMetrics } from './open-metrics.ts';
import { renderRecordPage } from './recorded-html.ts';
import { renderTaurus } from './taurus.ts';

export type Format<Source> = { readonly file: string; readonly render: (source: Source) => string };

/** What the report of one run is made from. */
export type ReportSource = {
  readonly report: Report;
  readonly seconds: Seconds;
  /** index.html. */
  readonly page: () => string;
};

/** What a comparison is made from; the pages of both runs stand beside its own. */
type ComparisonSource = {
  readonly comparison: RunComparison;
  readonly baseline: ReportSource;
  readonly candidate: ReportSource;
};

const styleSheet: Format<unknown> = { file: 'report.css', render: readStyleSheet };

export const reportFormats: readonly Format<ReportSource>[] = [
  { file: 'index.html', render: ({ page }) => page() },
  styleSheet,
  { file: 'report.md', render: ({ report }) => renderMarkdown(report) },
  { file: 'junit.xml', render: ({ report }) => renderJunit(report.judged, report.run) },
  { file: 'report.json', render: ({ report }) => json(report) },
  { file: 'load-performance.json', render: ({ report }) => renderLoadPerformance(report.judged) },
  { file: 'seconds.csv', render: ({ report, seconds }) => renderCsv(report.run, seconds) },
  { file: 'taurus.xml', render: ({ report }) => renderTaurus(report.run) },
  { file: 'metrics.txt', render: ({ report }) => renderOpenMetrics(report.judged) },
];

export const comparisonFormats: readonly Format<ComparisonSource>[] = [
  { file: 'index.html', render: ({ comparison }) => renderComparison(comparison) },
  { file: 'baseline.html', render: ({ baseline }) => baseline.page() },
  { file: 'candidate.html', render: ({ candidate }) => candidate.page() },
  styleSheet,
  { file: 'report.md', render: ({ comparison }) => renderComparisonMarkdown(comparison) },
  { file: 'junit.xml', render: ({ comparison }) => renderComparisonJunit(comparison) },
  { file: 'report.json', render: ({ comparison }) => json(comparisonDocument(comparison)) },
];

export const historyFormats: readonly Format<History>[] = [
  { file: 'index.html', render: renderHistory },
  styleSheet,
  { file: 'report.md', render: renderHistoryMarkdown },
  { file: 'report.json', render: json },
];

export const recordFormats: readonly Format<RecordPage>[] = [
  { file: 'index.html', render: renderRecordPage },
  styleSheet,
  { file: 'report.json', render: ({ sizing }) => json(sizing) },
];

/** A document for programs: each finding with its text. */
function json(record: object): string {
  return `${JSON.stringify(record, withText, 1)}\n`;
}
