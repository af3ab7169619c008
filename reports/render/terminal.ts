// The verdict on a terminal: at most 20 lines.

import {
  formatDuration,
  formatLatency,
  formatNumberOf,
  formatPercent,
  formatRate,
  formatValue,
  noData,
} from '../format/format.ts';
import { plainLine } from '../format/plain-text.ts';
import { describeEnd, describeRecovery, describeTrend } from '../messages/change-text.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged, JudgedCapacity, JudgedStage } from '../schema/judged.ts';

const mostLines = 20;
/** Over the stages: how many of them are shown, and the names of the columns. */
const headLines = 2;
const mostStages = 8;
const mostThresholds = 5;
/** A sentence that says what to do is longer than a line of a terminal; a hostile one can be a book. */
const widestText = 400;

/** At most 20 lines, aligned; with ANSI colours only when told so. Names and messages are cut and stripped of control characters. */
export function summarizeReport(judged: Judged, { color }: { readonly color: boolean }): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const verdictColor = { pass: 32, fail: 31, 'no-verdict': 33 }[judged.verdict];
  const [word = '', ...rest] = line(judged.headline).split(': ');
  const lines = [`${paint(verdictColor, word)}: ${rest.join(': ')}`];
  const limited = judged.capacity ?? judged.saturation;
  if (judged.capacity) lines.push(...capacityLines(judged.capacity));
  if (limited) lines.push(`limit      ${limited.limitedBy}: ${line(limited.because)}`);
  if (judged.partial !== undefined && judged.verdict === 'fail') lines.push(`partial    ${line(judged.partial)}`);
  if (judged.validity.verdict !== 'valid') {
    lines.push(`validity   ${judged.validity.verdict}: ${line(judged.validity.reasons.map(textOf).join('; '))}`);
  }
  lines.push(
    ...warningLines(judged, paint),
    ...changeLines(judged),
    ...thresholdLines(judged, paint),
    ...alarmLines(judged),
  );
  const stages = judged.stages.filter((stage) => stage.role !== 'idle' && stage.role !== 'probe');
  const probesOnly = stages.length === 0 && judged.stages.some((stage) => stage.role === 'probe');
  if (!probesOnly) lines.push(...stageTable(stages, mostLines - lines.length - headLines));
  return lines.join('\n');
}

/** One line: the rest is on the page. */
function warningLines({ warnings }: Judged, paint: (code: number, text: string) => string): string[] {
  const [first, ...others] = warnings.map(textOf).reverse();
  if (first === undefined) return [];
  const more = others.length > 0 ? ` (and ${formatNumberOf(others.length, 'more warning')} in the report)` : '';
  return [`${paint(33, 'warning')}    ${line(first)}${more}`];
}

/** At most four lines: two commands' effects, or one with its recovery, and the trends that are some. */
function changeLines({ commands, recovery, trends }: Judged): string[] {
  const moving = trends.filter((trend) => trend.changes !== 'none');
  const quiet = trends.length > 0 && moving.length === 0 ? ['none in memory and latency'] : [];
  return [
    ...commands.slice(0, 1).map(({ command, before, during }) => {
      const [from, to] = [before, during].map((moment) => moment?.cpuPercent);
      const cpu =
        to === undefined
          ? noData
          : from === undefined
            ? formatPercent(to)
            : `${formatPercent(from)} -> ${formatPercent(to)}`;
      return `command    ${line(`CPU ${cpu} while ${command.line} ran; it ${describeEnd(command)}`)}`;
    }),
    ...(recovery ? [`recovery   ${line(describeRecovery(recovery))}`] : []),
    ...[...moving.slice(0, 2).map(describeTrend), ...quiet].map((each) => `trend      ${line(each)}`),
  ];
}

/** At most two lines: the alarms, and how the sources agree on the CPU. */
function alarmLines({ alarms, agreements }: Judged): string[] {
  const drilled = (alarms?.monitors ?? []).filter(({ drill }) => drill?.mustFire || drill?.fired);
  const states = drilled.map(({ key, drill }) => {
    const after = (seconds: number | undefined) => (seconds === undefined ? '' : ` after ${formatDuration(seconds)}`);
    if (!drill?.fired) return `${key} stayed silent`;
    return `${key} fired${after(drill.firedAfterS)}, ${drill.recovered ? `recovered${after(drill.recoveredAfterS)}` : 'did not recover'}`;
  });
  const would = (alarms?.monitors ?? []).filter(({ backtest }) => backtest.result === 'alert').map(({ key }) => key);
  const text = states.length > 0 ? states.join('; ') : would.length > 0 ? `would have fired: ${would.join(', ')}` : '';
  return [
    ...(text === '' ? [] : [`monitors   ${line(text)}`]),
    ...agreements.slice(0, 1).map((each) => `sources    ${line(each)}`),
  ];
}

function capacityLines({ arrivalRatePerS, low, high, slo, probes }: JudgedCapacity): string[] {
  const held = probes.filter((probe) => probe.holds).length;
  return [
    `capacity   ${formatRate(arrivalRatePerS)} (95 %: ${formatRate(low)} to ${formatRate(high)}), ${held} of ${formatNumberOf(probes.length, 'probe')} held`,
    `SLO        ${line(slo.join(' and '))}`,
  ];
}

function thresholdLines(judged: Judged, paint: (code: number, text: string) => string): string[] {
  const order = { fail: 0, 'no-data': 1, pass: 2 };
  const sorted = [...judged.thresholds].sort((a, b) => order[a.verdict] - order[b.verdict]);
  const shown = sorted.slice(0, mostThresholds).map((each) => {
    const value =
      each.value === undefined ? line(each.reason ? textOf(each.reason) : noData) : formatValue(each.value, each.unit);
    const [word, code] = { pass: ['ok', 32], fail: ['FAILED', 31], 'no-data': [noData, 33] }[each.verdict] as [
      string,
      number,
    ];
    return `threshold  ${paint(code, word.padEnd(8))}${line(each.expression)}: ${value}`;
  });
  const more = sorted.length - shown.length;
  return more > 0 ? [...shown, `           and ${formatNumberOf(more, 'more threshold')}`] : shown;
}

function stageTable(stages: readonly JudgedStage[], room: number): string[] {
  if (stages.length === 0) return ['no stage of load ran'];
  const rows = stages
    .slice(-Math.max(1, Math.min(mostStages, room)))
    .map((stage) => [
      line(stage.role === 'warm-up' ? `${stage.name} (not judged)` : stage.name).slice(0, 24),
      formatDuration(stage.durationS),
      stage.throughputPerS === undefined ? noData : formatRate(stage.throughputPerS),
      stage.latencyUs ? formatLatency(stage.latencyUs.p50) : noData,
      stage.latencyUs ? formatLatency(stage.latencyUs.p99) : noData,
      stage.errorRatePercent === undefined ? noData : formatPercent(stage.errorRatePercent),
    ]);
  const table = [['stage', 'load', 'throughput', 'p50', 'p99', 'errors'], ...rows];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const aligned = table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  const hidden = stages.length - rows.length;
  return hidden > 0 ? [`the last ${rows.length} of ${formatNumberOf(stages.length, 'stage')}:`, ...aligned] : aligned;
}

function line(text: string): string {
  const plain = plainLine(text);
  return plain.length > widestText ? `${plain.slice(0, widestText - 1)}…` : plain;
}
