// The report as it reads in a pull request: the verdict, tables, the answers.
import { formatLatency, formatPercent, formatRate, formatRateInterval, formatValue, noData } from '../format/format.ts';
import { verdictSign, verdictWord } from '../format/outcome.ts';
import { describeRecovery, describeTrend } from '../messages/changes.ts';
import { limitName } from '../messages/limits.ts';
import { sentences, textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import { type ShownRate, shownRate } from '../sizing/rates/shown-rate.ts';
import { backtestTable, drillTable } from '../tables/alarms.ts';
import { worstTable } from '../tables/replay.ts';
import { fromTable, markdownList, markdownTable, markdownWarnings, md } from './markdown-text.ts';

const thresholdWords = { pass: 'holds', fail: '**failed**', 'no-data': '**no data**' } as const;
const mostStages = 20;
const mostWarnings = 3;

/** GitHub-flavoured Markdown. Text from outside cannot leave its cell or become markup. */
export function renderMarkdown(judged: Judged): string {
  const blocks = [
    `## ${verdictSign(judged.verdict)} ${verdictWord(judged.verdict)}: ${md(textOf(judged.headline))}`,
    // Of a run without a verdict the headline has it.
    judged.partial === undefined || judged.verdict === 'no-verdict' ? '' : `> ${md(textOf(judged.partial))}.`,
    markdownWarnings([...judged.disturbances, ...judged.warnings.slice(-mostWarnings)].map(textOf)),
    thresholdTable(judged),
    stageTable(judged.stages.filter(({ role }) => role === 'measured' || role === 'sustained')),
    sizingTable(judged),
    predictionTable(judged),
    changes(judged),
    replayed(judged),
    fromTable(worstTable(judged)),
    fromTable(drillTable(judged.alarms)),
    fromTable(backtestTable(judged.alarms)),
    markdownList(judged.agreements.map(textOf)),
    questions(judged),
    `<sub>Run ${md(judged.run)} · validity: ${judged.validity.verdict}${reasons(judged)}</sub>`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function thresholdTable({ thresholds }: Judged): string {
  return markdownTable(
    ['Threshold', 'Measured', 'Verdict'],
    ['', 'right', ''],
    thresholds.map(({ expression, value, unit, reason, verdict }) => [
      md(expression),
      value === undefined ? `${noData}${reason ? ` (${md(textOf(reason))})` : ''}` : formatValue(value, unit),
      thresholdWords[verdict],
    ]),
  );
}

function stageTable(stages: readonly JudgedStage[]): string {
  const shown = stages.slice(-mostStages);
  const rows = shown.map((stage) => [
    md(stage.role === 'sustained' ? `${stage.name} (no CPU credits)` : stage.name),
    stage.throughputPerS === undefined ? noData : formatRate(stage.throughputPerS),
    ...(['p50', 'p95', 'p99', 'max'] as const).map((key) =>
      stage.latencyUs ? formatLatency(stage.latencyUs[key]) : noData,
    ),
    stage.errorRatePercent === undefined ? noData : formatPercent(stage.errorRatePercent),
  ]);
  const heads = ['Stage', 'Throughput', 'p50', 'p95', 'p99', 'max', 'Errors'];
  const rendered = markdownTable(heads, ['', ...heads.slice(1).map(() => 'right')], rows);
  return shown.length < stages.length
    ? `The last ${shown.length} of ${stages.length} measured stages:\n\n${rendered}`
    : rendered;
}

/** A rate without a note is measured; the predictions of measured rates have a table of their own. */
function sizingTable({ sizing }: Judged): string {
  const rate = ({ measured, predicted }: ShownRate) => {
    if (measured) return formatRateInterval(measured);
    return predicted ? `${formatRateInterval(predicted)}, predicted` : noData;
  };
  const heads = ['Instance type', 'Verdict', 'Bottleneck', 'Burst', 'Sustained', 'Time to throttle', '$ a month'];
  return markdownTable(
    heads,
    ['', '', '', 'right', 'right', '', 'right'],
    (sizing?.types ?? []).map((each) => [
      md(each.instanceType),
      md(textOf(each.summary)),
      md(limitName(each.limitedBy)),
      rate(shownRate(each, 'burst')),
      rate(shownRate(each, 'sustained')),
      each.timeToThrottle ? md(textOf(each.timeToThrottle)) : noData,
      each.usdPerMonth === undefined ? noData : each.usdPerMonth.toFixed(2),
    ]),
  );
}

function predictionTable({ sizing }: Judged): string {
  return markdownTable(
    ['Prediction', 'Predicted', 'Measured', 'Error'],
    ['', 'right', 'right', 'right'],
    (sizing?.predictions ?? []).map((each) => [
      `${md(each.instanceType)} ${each.state}`,
      formatRate(each.predictedPerS),
      formatRate(each.measuredPerS),
      `${each.errorPercent > 0 ? '+' : ''}${formatPercent(each.errorPercent)}`,
    ]),
  );
}

function emulation(vcpuShare: number | undefined): string {
  if (vcpuShare === undefined) return '';
  return ` Emulated: one vCPU was ${Number(vcpuShare.toFixed(3))} of a core of the measuring host. Ratios are comparable with EC2, absolute rates are not.`;
}

/** The three questions with their answers, and the recommended instance type. */
function questions({ questions: asked, sizing }: Judged): string {
  return [
    ...asked.map((each) => `**${md(textOf(each))}** ${each.answers.map((answer) => md(textOf(answer))).join(' ')}`),
    ...(sizing ? [`**Instance type.** ${md(textOf(sizing.recommendation))}${emulation(sizing.vcpuShare)}`] : []),
  ].join('\n\n');
}

/** Trends, and the recovery unless the answer about a command has it. */
function changes({ commands, recovery, trends }: Judged): string {
  const lines = [
    ...(recovery && commands.length === 0 ? [describeRecovery(recovery)] : []),
    ...trends.slice(0, 6).map((trend) => `${describeTrend(trend)} in "${trend.stage}"`),
  ];
  return markdownList(lines);
}

/** Of a replay: asked against sent, and the moment without CPU credits. */
function replayed({ replay }: Judged): string {
  return markdownList([replay?.summary, replay?.throttle].flatMap((each) => (each ? [textOf(each)] : [])));
}

function reasons({ validity }: Judged): string {
  return validity.reasons.length === 0 ? '' : ` (${md(sentences(validity.reasons))})`;
}
