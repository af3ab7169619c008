// The page: report.json -> index.html. All layout is in views/report.pug, all colour in report.css.

import { readFileSync } from 'node:fs';
import { runCharts } from '../charts/all.ts';
import { drawSections } from '../charts/drawing/chart.ts';
import * as format from '../format/format.ts';
import { verdictWord } from '../format/outcome.ts';
import { plainRecord } from '../format/plain-text.ts';
import { runBanner } from '../messages/banner.ts';
import { describeRecovery } from '../messages/changes.ts';
import { limitName } from '../messages/limits.ts';
import { shortQuestions } from '../messages/short-questions.ts';
import { stepOf } from '../messages/step.ts';
import { textOf } from '../messages/text-of.ts';
import type { Report } from '../schema/report.ts';
import { backtestTable, drillTable } from '../tables/alarms.ts';
import { arrivalsTable, commandTable, trendTable, warmUpTable } from '../tables/changes.ts';
import { backgroundTable, hostTable, programTable } from '../tables/host.ts';
import { latencyTable, requestsTable, routesTable, thresholdTable } from '../tables/load.ts';
import { replayTable, worstTable } from '../tables/replay.ts';
import { runCards } from '../tables/run-cards.ts';
import { predictionTable, sizingTable } from '../tables/sizing.ts';
import type { Table } from '../tables/table.ts';
import { tracesTable } from '../tables/traces.ts';
import { outcomeOf } from '../verdict/outcome-of.ts';
import { template } from './template.ts';

/** The style sheet that stands beside the page. */
export function readStyleSheet(): string {
  return readFileSync(new URL('./report.css', import.meta.url), 'utf8');
}

/** The tables of the page, by the names that views/report.pug uses. */
export function reportTables({ run, judged, observed }: Report): Readonly<Record<string, Table>> {
  return {
    latency: latencyTable(judged),
    thresholds: thresholdTable(judged),
    requests: requestsTable(judged),
    probes: requestsTable(judged, 'probe'),
    routes: routesTable(run),
    ...(run.stages.some(({ traces }) => traces) && { traces: tracesTable(run) }),
    ...(judged.replay && { replay: replayTable(judged), worst: worstTable(judged) }),
    host: hostTable(judged, 'stage', run.target.vcpuShare !== undefined),
    probesHost: hostTable(judged, 'probe', run.target.vcpuShare !== undefined),
    programs: programTable(judged),
    arrivals: arrivalsTable(judged),
    commands: commandTable(judged),
    trends: trendTable(judged),
    warmUp: warmUpTable(judged),
    drill: drillTable(judged.alarms),
    fired: backtestTable(judged.alarms, 'fired'),
    quiet: backtestTable(judged.alarms, 'quiet'),
    sizing: sizingTable(judged),
    predictions: predictionTable(judged),
    background: backgroundTable(run, observed),
  };
}

/** The page of one run. It fetches nothing but report.css and has no script; text from outside is escaped. */
export function renderHtml(report: Report): string {
  const plain = plainRecord(report);
  const { run, judged, observed } = plain;
  return template('report')({
    run,
    judged,
    observed,
    banner: runBanner(judged, verdictWord(judged.verdict), outcomeOf(judged)),
    cards: runCards(judged, run.target.instanceType),
    questions: shortQuestions(judged.questions),
    charts: drawSections(runCharts, plain),
    tables: reportTables(plain),
    format,
    textOf,
    stepOf,
    recovery: judged.recovery && describeRecovery(judged.recovery),
    limitName,
    verdict: verdictWord(judged.verdict),
  });
}
