// The seconds of a run as CSV (RFC 4180), for spreadsheets and charts.
import type { RunRecord } from '../../model/run-record.ts';
import { plainLine } from '../format/plain-text.ts';
import type { HostSecond } from '../series/host-seconds.ts';
import type { LoadSecond } from '../series/load-seconds.ts';
import type { Seconds } from '../series/seconds.ts';

const loadColumns: readonly (readonly [string, (second: LoadSecond) => number | undefined])[] = [
  ['sent', (second) => second.sent],
  ['throughput_per_s', (second) => second.throughputPerS],
  ['errors_per_s', (second) => second.errorsPerS],
  ['open', (second) => second.open],
  ['p50_us', (second) => second.p50Us],
  ['p99_us', (second) => second.p99Us],
  ['sent_bytes', (second) => second.sentBytes],
  ['received_bytes', (second) => second.receivedBytes],
];

/**
 * One line per second of load and one per host sample, in the order of time; a figure that was not measured is an empty field, never 0. Times are seconds since the run began; host metrics keep their names and units.
 */
export function renderCsv(run: RunRecord, { load, host }: Seconds): string {
  const names = run.stages.map((stage) => field(stage.name));
  const metrics = [...new Set(host.flatMap((second) => Object.keys(second.metrics)))].sort();
  const header = ['at_s', 'kind', 'stage', ...loadColumns.map(([name]) => name), ...metrics];
  const lines = [header.map(field).join(',')];
  const empty = ','.repeat(metrics.length);
  let next = 0;
  // Both are in the order of time: merged without sorting, and without a list of cells for each of the 86,400 lines of a day.
  for (const second of load) {
    next = addHost(lines, host, metrics, next, second.atS);
    const cells = loadColumns.map(([, value]) => number(value(second)));
    lines.push([number(second.atS), 'load', names[second.stage] ?? '', ...cells].join(',') + empty);
  }
  addHost(lines, host, metrics, next, Number.POSITIVE_INFINITY);
  lines.push('');
  return lines.join('\r\n');
}

/** Adds the host samples before `beforeS`; returns the number of the first later one. */
function addHost(
  lines: string[],
  host: readonly HostSecond[],
  metrics: readonly string[],
  from: number,
  beforeS: number,
): number {
  const blank = ','.repeat(loadColumns.length);
  let next = from;
  for (let second = host[next]; second && second.atS < beforeS; second = host[++next]) {
    const { metrics: figures } = second;
    // Joined, not concatenated: V8 keeps a concatenated string as a tree, ten times its size.
    const cells = metrics.map((name) => number(figures[name]));
    lines.push([number(second.atS), 'host', blank, ...cells].join(','));
  }
  return next;
}

function number(value: number | undefined): string {
  return value === undefined ? '' : String(Math.round(value * 1000) / 1000);
}

/** A text that a spreadsheet would evaluate as a formula gets a leading apostrophe. */
function field(text: string): string {
  const plain = plainLine(text);
  const inert = /^[=+\-@]/.test(plain) ? `'${plain}` : plain;
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
