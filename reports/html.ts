// The page: report.json -> index.html. All layout is in views/report.pug, all colour in report.css.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pug from 'pug';
import type { Chart } from './chart.ts';
import { percentileChart } from './chart-percentiles.ts';
import { saturationChart } from './chart-saturation.ts';
import { timeChart } from './chart-time.ts';
import * as format from './format.ts';
import { verdictWord } from './headline.ts';
import { plainRecord } from './plain-text.ts';
import type { Report } from './report.ts';
import {
  backgroundTable,
  boxTable,
  hostTable,
  latencyTable,
  requestsTable,
  routesTable,
  type Table,
  thresholdTable,
} from './tables.ts';

/** The style sheet that stands beside the page. */
export function readStyleSheet(): string {
  return readFileSync(new URL('./report.css', import.meta.url), 'utf8');
}

/** The page of one run. It fetches nothing but report.css and has no script; text from outside is escaped. */
export function renderHtml(report: Report): string {
  const { run, judged, timeline, curves, observed } = plainRecord(report);
  const measuredStages = judged.stages.filter((stage) => stage.role === 'measured').length;
  const charts: Readonly<Record<string, Chart>> = {
    time: timeChart(timeline),
    saturation: saturationChart(judged),
    percentiles: percentileChart(curves, measuredStages),
  };
  const tables: Readonly<Record<string, Table>> = {
    latency: latencyTable(judged),
    thresholds: thresholdTable(judged),
    requests: requestsTable(judged),
    routes: routesTable(run),
    host: hostTable(judged),
    box: boxTable(judged),
    background: backgroundTable(run, observed),
  };
  return page({ run, judged, observed, charts, tables, format, verdict: verdictWord(judged.verdict) });
}

function page(locals: Readonly<Record<string, unknown>>): string {
  return template()(locals);
}

let compiled: pug.compileTemplate | undefined;

function template(): pug.compileTemplate {
  compiled ??= pug.compileFile(fileURLToPath(new URL('./views/report.pug', import.meta.url)), { doctype: 'html' });
  return compiled;
}
