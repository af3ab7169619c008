// The page: report.json -> index.html. All layout is in views/report.pug, all colour in report.css.

import { readFileSync } from 'node:fs';
import type { RunRecord } from '../../model/run-record.ts';
import { alarmChart } from '../charts/alarms.ts';
import { capacityChart } from '../charts/capacity.ts';
import type { Chart } from '../charts/chart.ts';
import { dayChart } from '../charts/credit-week.ts';
import { demandChart } from '../charts/demand.ts';
import { hostChart } from '../charts/host.ts';
import { memoryChart } from '../charts/memory.ts';
import { percentileChart } from '../charts/percentiles.ts';
import { saturationChart } from '../charts/saturation.ts';
import { timeChart } from '../charts/time.ts';
import * as format from '../format/format.ts';
import { verdictWord } from '../format/outcome.ts';
import { plainRecord } from '../format/plain-text.ts';
import { describeEnd, describeRecovery, describeTrend } from '../messages/changes.ts';
import { shorten, textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import type { Report } from '../schema/report.ts';
import { backtestTable, drillTable } from '../tables/alarms.ts';
import { arrivalsTable, commandTable, trendTable, warmUpTable } from '../tables/changes.ts';
import { backgroundTable, boxTable, hostTable } from '../tables/host.ts';
import { latencyTable, requestsTable, routesTable, type Table, thresholdTable } from '../tables/load.ts';
import { predictionTable, sizingTable } from '../tables/sizing.ts';
import { template } from './template.ts';

/** The style sheet that stands beside the page. */
export function readStyleSheet(): string {
  return readFileSync(new URL('./report.css', import.meta.url), 'utf8');
}

/** The page of one run. It fetches nothing but report.css and has no script; text from outside is escaped. */
export function renderHtml(report: Report): string {
  const { run, judged, timeline, curves, observed } = plainRecord(report);
  const measuredStages = judged.stages.filter((stage) => stage.role === 'measured').length;
  const time = timeChart(timeline);
  const charts: Readonly<Record<string, Chart | undefined>> = {
    capacity: capacityChart(judged),
    time: { ...time, notes: [...time.notes, ...explainCpu(run)] },
    alarms: alarmChart(judged.alarms, timeline),
    host: hostChart(timeline),
    saturation: speaksOfConnections(judged) ? saturationChart(judged) : undefined,
    demand: judged.sizing && demandChart(judged.sizing),
    memory: judged.sizing && memoryChart(judged.sizing),
    day: judged.sizing && dayChart(judged.sizing),
    percentiles: judged.capacity && curves.length === 0 ? undefined : percentileChart(curves, measuredStages),
  };
  const tables: Readonly<Record<string, Table>> = {
    latency: latencyTable(judged),
    thresholds: thresholdTable(judged),
    requests: requestsTable(judged),
    probes: requestsTable(judged, 'probe'),
    routes: routesTable(run),
    host: hostTable(judged, 'stage', run.target.vcpuShare !== undefined),
    probesHost: hostTable(judged, 'probe', run.target.vcpuShare !== undefined),
    box: boxTable(judged),
    arrivals: arrivalsTable(judged),
    commands: commandTable(judged),
    trends: trendTable(judged),
    warmUp: warmUpTable(judged),
    drill: drillTable(judged.alarms),
    backtest: backtestTable(judged.alarms),
    sizing: sizingTable(judged),
    predictions: predictionTable(judged),
    background: backgroundTable(run, observed),
  };
  return page({
    run,
    judged,
    observed,
    smaller: smallerTypes(judged, run.target.instanceType),
    charts,
    tables,
    format,
    shorten,
    textOf,
    describeRecovery,
    describeTrend,
    describeEnd,
    verdict: verdictWord(judged.verdict),
  });
}

/** What the CPU of a machine says when another one was emulated on it. */
function explainCpu({ target, stages }: RunRecord): string[] {
  if (target.vcpuShare === undefined) return [];
  const warm = stages.some(({ role }) => role === 'warm-up')
    ? ` In the warm-up the app had its cores whole; from then on it had the CPU of ${target.instanceType}.`
    : '';
  return [`CPU is that of the whole measuring machine, with the load generator; that of the instance is below.${warm}`];
}

/** The smaller types that a reader wants to know of first: at most two that cost less than the run's own. */
function smallerTypes({ sizing }: Judged, own: string | undefined) {
  const types = sizing?.types ?? [];
  const price = types.find(({ instanceType }) => instanceType === own)?.usdPerMonth ?? Number.POSITIVE_INFINITY;
  return types
    .filter(({ instanceType, usdPerMonth }) => instanceType !== own && usdPerMonth < price)
    .sort((a, b) => a.usdPerMonth - b.usdPerMonth)
    .slice(0, 2)
    .map((type) => ({
      ...type,
      how: (type.measuredBurstPerS ?? type.measuredSustainedPerS) ? 'measured' : 'projected',
      saves: Number.isFinite(price) ? `, $${(price - type.usdPerMonth).toFixed(2)} a month less` : '',
    }));
}

/** A run of open stages alone has no connections to draw anything against. */
function speaksOfConnections({ stages }: Judged): boolean {
  const load = stages.filter((stage) => stage.role === 'measured' || stage.role === 'probe');
  return load.length === 0 || load.some((stage) => stage.connections !== undefined);
}

function page(locals: Readonly<Record<string, unknown>>): string {
  return template('report')(locals);
}
