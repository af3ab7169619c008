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
import { type Outcome, paint as paintOutcome, verdictWord } from '../format/outcome.ts';
import { plainLine } from '../format/plain-text.ts';
import { describeEnd, describeRecovery, describeTrend } from '../messages/changes.ts';
import { sentences, textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';

const mostLines = 20;
/** Above the stages: how many of them are shown, and the names of the columns. */
const headLines = 2;
const mostStages = 8;
const mostThresholds = 5;
/** A sentence with advice is longer than a line of a terminal; a hostile one can be very long. */
const widestText = 400;

type Paint = (outcome: Outcome, text: string) => string;

/** At most 20 lines, aligned; ANSI colours only with `color`. Names and messages are cut and stripped of control characters. */
export function summarizeReport(judged: Judged, { color }: { readonly color: boolean }): string {
  const paint: Paint = (outcome, text) => paintOutcome(outcome, text, color);
  const limited = judged.capacity ?? judged.saturation;
  const { partial, validity } = judged;
  const lines = [
    `${paint(judged.verdict, verdictWord(judged.verdict))}: ${line(textOf(judged.headline))}`,
    ...(limited ? [row('limit', textOf(limited.because))] : []),
    ...(partial && judged.verdict === 'fail' ? [row('partial', textOf(partial))] : []),
    // The headline has the first reason.
    ...(validity.reasons.length > 1 ? [row('validity', `${validity.verdict}: ${sentences(validity.reasons)}`)] : []),
    ...warningLines(judged, paint),
    ...changeLines(judged),
    ...thresholdLines(judged, paint),
    ...alarmLines(judged),
  ];
  const stages = judged.stages.filter((stage) => stage.role !== 'idle' && stage.role !== 'probe');
  const probesOnly = stages.length === 0 && judged.stages.some((stage) => stage.role === 'probe');
  if (!probesOnly) lines.push(...stageTable(stages, mostLines - lines.length - headLines));
  return lines.join('\n');
}

/** The three questions with their answers, a line each; `machine` names the instance where there are several. */
export function renderQuestions({ questions }: Judged, machine?: string): string {
  return [
    ...(machine === undefined ? [] : [`On ${plainLine(machine)}:`]),
    ...questions.flatMap((each) => [textOf(each), ...each.answers.map((answer) => `  ${plainLine(textOf(answer))}`)]),
  ].join('\n');
}

/** One line; the rest is on the page. */
function warningLines({ warnings, disturbances }: Judged, paint: Paint): string[] {
  const [first, ...others] = [...disturbances, ...[...warnings].reverse()];
  if (first === undefined) return [];
  const more = others.length > 0 ? ` (and ${formatNumberOf(others.length, 'more warning')} in the report)` : '';
  return [`${paint('no-verdict', 'warning')}    ${line(textOf(first))}${more}`];
}

/** At most four lines: a command's effect, the recovery, and two significant trends. */
function changeLines({ commands, recovery, trends }: Judged): string[] {
  const moving = trends.filter((trend) => trend.changes !== 'none');
  const quiet = trends.length > 0 && moving.length === 0 ? ['none in memory and latency'] : [];
  return [
    ...commands.slice(0, 1).map(({ command, before, during }) => {
      const [from, to] = [before, during].map((snapshot) => snapshot?.cpuPercent);
      const cpu =
        to === undefined ? noData : `${from === undefined ? '' : `${formatPercent(from)} -> `}${formatPercent(to)}`;
      return row('command', `CPU ${cpu} while ${command.line} ran; it ${describeEnd(command)}`);
    }),
    ...(recovery ? [row('recovery', describeRecovery(recovery))] : []),
    ...[...moving.slice(0, 2).map(describeTrend), ...quiet].map((each) => row('trend', each)),
  ];
}

/** At most two lines: the monitors, and how the sources agree on the CPU. */
function alarmLines({ alarms, agreements }: Judged): string[] {
  const monitors = alarms?.monitors ?? [];
  const states = monitors.flatMap(({ key, drill }) => {
    const after = (seconds: number | undefined) => (seconds === undefined ? '' : ` after ${formatDuration(seconds)}`);
    if (!drill?.fired) return drill?.mustFire ? [`${key} stayed silent`] : [];
    const recovered = drill.recovered ? `recovered${after(drill.recoveredAfterS)}` : 'did not recover';
    return [`${key} fired${after(drill.firedAfterS)}, ${recovered}`];
  });
  const would = monitors.filter(({ backtest }) => backtest.result === 'alert').map(({ key }) => key);
  const text = states.length > 0 ? states.join('; ') : would.length > 0 ? `would have fired: ${would.join(', ')}` : '';
  return [
    ...(text === '' ? [] : [row('monitors', text)]),
    ...agreements.slice(0, 1).map((each) => row('sources', textOf(each))),
  ];
}

function thresholdLines(judged: Judged, paint: Paint): string[] {
  const order = { fail: 0, 'no-data': 1, pass: 2 };
  const sorted = [...judged.thresholds].sort((a, b) => order[a.verdict] - order[b.verdict]);
  const looks = { pass: ['ok', 'pass'], fail: ['FAILED', 'fail'], 'no-data': [noData, 'no-verdict'] } as const;
  const shown = sorted.slice(0, mostThresholds).map(({ expression, value, unit, reason, verdict }) => {
    const measured = value !== undefined ? formatValue(value, unit) : reason ? line(textOf(reason)) : noData;
    const [word, outcome] = looks[verdict];
    return `threshold  ${paint(outcome, word.padEnd(8))}${line(expression)}: ${measured}`;
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
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((each) => each[column]?.length ?? 0)));
  const aligned = table.map((each) =>
    each
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  const hidden = stages.length - rows.length;
  return hidden > 0 ? [`the last ${rows.length} of ${formatNumberOf(stages.length, 'stage')}:`, ...aligned] : aligned;
}

function row(name: string, text: string): string {
  return `${name.padEnd(11)}${line(text)}`;
}

function line(text: string): string {
  const plain = plainLine(text);
  return plain.length > widestText ? `${plain.slice(0, widestText - 1)}…` : plain;
}
