// The seconds of a run as CSV (RFC 4180): for a spreadsheet, or for a chart of one's own.
import type { RunRecord } from '../model/run-record.ts';
import { plainLine } from './plain-text.ts';
import type { HostSecond, LoadSecond, Seconds } from './seconds.ts';

const loadColumns: readonly (readonly [string, (second: LoadSecond) => number | undefined])[] = [
  ['sent', (second) => second.sent],
  ['throughput_per_s', (second) => second.throughputPerS],
  ['errors_per_s', (second) => second.errorsPerS],
  ['open', (second) => second.open],
  ['p50_us', (second) => second.p50Us],
  ['p99_us', (second) => second.p99Us],
];

/**
 * One line per second of load and one per sample of the host, in the order of time; a figure that was not measured is an empty
 * field, never 0. Times are seconds since the run began; host metrics keep their names and units.
 */
export function renderCsv(run: RunRecord, { load, host }: Seconds): string {
  const names = run.stages.map((stage) => field(stage.name));
  const metrics = [...new Set(host.flatMap((second) => Object.keys(second.metrics)))].sort();
  const header = ['at_s', 'kind', 'stage', ...loadColumns.map(([name]) => name), ...metrics];
  const rows = [
    ...load.map((second) => ({ atS: second.atS, cells: loadCells(names[second.stage] ?? '', second, metrics.length) })),
    ...host.map((second) => ({ atS: second.atS, cells: hostCells(second, metrics) })),
  ].sort((a, b) => a.atS - b.atS);
  return [header.map(field).join(','), ...rows.map(({ atS, cells }) => `${number(atS)},${cells.join(',')}`), ''].join(
    '\r\n',
  );
}

function loadCells(stage: string, second: LoadSecond, hostColumns: number): string[] {
  return [
    'load',
    stage,
    ...loadColumns.map(([, value]) => number(value(second))),
    ...Array.from({ length: hostColumns }, () => ''),
  ];
}

function hostCells({ metrics }: HostSecond, names: readonly string[]): string[] {
  return ['host', '', ...loadColumns.map(() => ''), ...names.map((name) => number(metrics[name]))];
}

function number(value: number | undefined): string {
  return value === undefined ? '' : String(Math.round(value * 1000) / 1000);
}

/** A text that a spreadsheet would run as a formula gets an apostrophe in front. */
function field(text: string): string {
  const plain = plainLine(text);
  const inert = /^[=+\-@]/.test(plain) ? `'${plain}` : plain;
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
