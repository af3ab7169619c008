// A run on a terminal: the verdict first and last, at most 25 lines.
import {
  formatDuration,
  formatLatency,
  formatNumberOf,
  formatPercent,
  formatRate,
  formatValue,
  noData,
} from '../format/format.ts';
import { type Outcome, paintFirst, verdictWord } from '../format/outcome.ts';
import { plainLine } from '../format/plain-text.ts';
import { alignTable, mostLines, usualColumns, wrap } from '../format/wrap.ts';
import { runBanner } from '../messages/banner.ts';
import { describeEnd, describeRecovery, describeTrend } from '../messages/changes.ts';
import { sentences, textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import { outcomeOf } from '../verdict/outcome-of.ts';
import { replayRows } from './terminal-replay.ts';

/** Above the stages: how many of them are shown, and the names of the columns. */
const headLines = 2;
const mostStages = 8;
const mostThresholds = 5;
const nameWidth = 11;
/** Lines of the verdict, of the other sentences, and of the verdict at the end. */
const most = { headline: 4, row: 2, last: 2 };

const stageColumns = [
  { head: 'stage', align: 'left', rank: 0 },
  { head: 'length', align: 'right', rank: 1 },
  { head: 'throughput', align: 'right', rank: 0 },
  { head: 'p50', align: 'right', rank: 2 },
  { head: 'p99', align: 'right', rank: 0 },
  { head: 'errors', align: 'right', rank: 0 },
] as const;

/** A line with its name, and the word in it that has a colour. */
type Row = {
  readonly name: string;
  readonly text: string;
  readonly colored?: readonly [word: string, outcome: Outcome];
};

export type TerminalOptions = {
  readonly color: boolean;
  /** Width of the terminal; 100 if absent. */
  readonly columns?: number | undefined;
  /** Everything, however many lines it takes. */
  readonly verbose?: boolean | undefined;
  /** Lines before the last verdict: where the pages are. */
  readonly places?: readonly string[];
};

/**
 * The verdict first and last. At most 25 lines within the width unless `verbose`, which adds the three questions; ANSI colours only with
 * `color`. Names and messages are cut and stripped of control characters.
 */
export function summarizeReport(judged: Judged, options: TerminalOptions): string {
  const { color, columns = usualColumns, verbose = false, places = [] } = options;
  const [word, outcome] = [verdictWord(judged.verdict), outcomeOf(judged)];
  const verdict = { name: `${word}: `, colored: [word, outcome] } as const;
  const lines = ({ name, text, colored }: Row, indent: number, least: number) => {
    const wrapped = wrap(text, columns, { indent, name, ...(!verbose && { most: least }) });
    return colored ? paintFirst(wrapped, colored, color) : wrapped;
  };
  const head = [
    ...lines({ ...verdict, text: textOf(judged.headline) }, 2, most.headline),
    ...rowsOf(judged).flatMap((row) => lines(row, nameWidth, most.row)),
  ];
  const tail = [
    ...places.flatMap((place) => wrap(place, columns)),
    ...lines({ ...verdict, text: runBanner(judged, word, outcome).answer }, 2, most.last),
  ];
  const stages = judged.stages.filter((stage) => stage.role !== 'idle' && stage.role !== 'probe');
  const probesOnly = stages.length === 0 && judged.stages.some((stage) => stage.role === 'probe');
  const room = verbose ? stages.length : mostLines - head.length - tail.length - headLines;
  const table = probesOnly ? [] : stageTable(stages, room, columns);
  if (verbose) return [...head, ...table, '', renderQuestions(judged), '', ...tail].join('\n');
  return [...[...head, ...table].slice(0, mostLines - tail.length), ...tail].join('\n');
}

/** The three questions with their answers, a line each; `machine` names the instance where there are several. */
function renderQuestions({ questions }: Judged, machine?: string): string {
  return [
    ...(machine === undefined ? [] : [`On ${plainLine(machine)}:`]),
    ...questions.flatMap((each) => [textOf(each), ...each.answers.map((answer) => `  ${plainLine(textOf(answer))}`)]),
  ].join('\n');
}

/** What stands between the verdict and the stages. */
function rowsOf(judged: Judged): Row[] {
  const { partial, validity } = judged;
  const limited = judged.capacity ?? judged.saturation;
  return [
    ...(limited ? [{ name: 'limit', text: textOf(limited.because) }] : []),
    ...(partial && judged.verdict === 'fail' ? [{ name: 'partial', text: textOf(partial) }] : []),
    // The headline has the first reason.
    ...(validity.reasons.length > 1
      ? [{ name: 'validity', text: `${validity.verdict}: ${sentences(validity.reasons)}` }]
      : []),
    ...warningRows(judged),
    ...replayRows(judged),
    ...changeRows(judged),
    ...thresholdRows(judged),
    ...alarmRows(judged),
  ];
}

/** One line; the rest is on the page. */
function warningRows({ warnings, disturbances }: Judged): Row[] {
  const [first, ...others] = [...disturbances, ...[...warnings].reverse()];
  if (first === undefined) return [];
  const more = others.length > 0 ? ` (and ${formatNumberOf(others.length, 'more warning')} in the report)` : '';
  return [{ name: 'warning', text: `${textOf(first)}${more}`, colored: ['warning', 'depends'] }];
}

/** At most four lines: a command's effect, the recovery, and two significant trends. */
function changeRows({ commands, recovery, trends }: Judged): Row[] {
  const moving = trends.filter((trend) => trend.changes !== 'none');
  const quiet = trends.length > 0 && moving.length === 0 ? ['none in memory and latency'] : [];
  return [
    ...commands.slice(0, 1).map(({ command, before, during }) => {
      const [from, to] = [before, during].map((snapshot) => snapshot?.cpuPercent);
      const cpu =
        to === undefined ? noData : `${from === undefined ? '' : `${formatPercent(from)} -> `}${formatPercent(to)}`;
      return { name: 'command', text: `CPU ${cpu} while ${command.line} ran; it ${describeEnd(command)}` };
    }),
    ...(recovery ? [{ name: 'recovery', text: describeRecovery(recovery) }] : []),
    ...[...moving.slice(0, 2).map(describeTrend), ...quiet].map((text) => ({ name: 'trend', text })),
  ];
}

/** At most two lines: the monitors, and how the sources agree on the CPU. */
function alarmRows({ alarms, agreements }: Judged): Row[] {
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
    ...(text === '' ? [] : [{ name: 'monitors', text }]),
    ...agreements.slice(0, 1).map((each) => ({ name: 'sources', text: textOf(each) })),
  ];
}

function thresholdRows(judged: Judged): Row[] {
  const order = { fail: 0, 'no-data': 1, pass: 2 };
  const sorted = [...judged.thresholds].sort((a, b) => order[a.verdict] - order[b.verdict]);
  const looks = { pass: ['ok', 'pass'], fail: ['FAILED', 'fail'], 'no-data': [noData, 'no-verdict'] } as const;
  const shown = sorted.slice(0, mostThresholds).map(({ expression, value, unit, reason, verdict }) => {
    const measured = value !== undefined ? formatValue(value, unit) : reason ? textOf(reason) : noData;
    const [word] = looks[verdict];
    return { name: 'threshold', text: `${word} ${expression}: ${measured}`, colored: looks[verdict] };
  });
  const more = sorted.length - shown.length;
  return more > 0 ? [...shown, { name: '', text: `and ${formatNumberOf(more, 'more threshold')}` }] : shown;
}

function stageTable(stages: readonly JudgedStage[], room: number, columns: number): string[] {
  if (stages.length === 0) return ['no stage of load ran'];
  const rows = stages
    .slice(-Math.max(1, Math.min(mostStages, room)))
    .map((stage) => [
      plainLine(stage.role === 'warm-up' ? `${stage.name} (not judged)` : stage.name).slice(0, 24),
      formatDuration(stage.durationS),
      stage.throughputPerS === undefined ? noData : formatRate(stage.throughputPerS),
      stage.latencyUs ? formatLatency(stage.latencyUs.p50) : noData,
      stage.latencyUs ? formatLatency(stage.latencyUs.p99) : noData,
      stage.errorRatePercent === undefined ? noData : formatPercent(stage.errorRatePercent),
    ]);
  const aligned = alignTable(stageColumns, rows, columns);
  const hidden = stages.length - rows.length;
  return hidden > 0 ? [`the last ${rows.length} of ${formatNumberOf(stages.length, 'stage')}:`, ...aligned] : aligned;
}
