// The report as it reads in a pull request: the verdict, a table, two sentences.

import { formatLatency, formatPercent, formatRate, formatValue, noData } from '../format/format.ts';
import { plainLine } from '../format/plain-text.ts';
import { describeEnd, describeRecovery, describeTrend } from '../messages/change-text.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged, JudgedStage } from '../schema/judged.ts';
import { backtestTable, drillTable } from '../tables/alarms.ts';
import type { Table } from '../tables/table.ts';
import { verdictWord } from '../verdict/headline.ts';

/** Of the verdict, before it. */
export const signs = { pass: '✅', fail: '❌', 'no-verdict': '⚠️' } as const;
const thresholdWords = { pass: 'holds', fail: '**failed**', 'no-data': '**no data**' } as const;
const mostStages = 20;
const mostWarnings = 3;

/** GitHub-flavoured Markdown. Text from outside cannot leave its cell or become markup. */
export function renderMarkdown(judged: Judged): string {
  const headline = judged.headline.slice(verdictWord(judged.verdict).length + 2);
  const blocks = [
    `## ${signs[judged.verdict]} ${verdictWord(judged.verdict)}: ${md(headline)}`,
    judged.partial === undefined ? '' : `> ${md(judged.partial)}.`,
    judged.warnings
      .slice(-mostWarnings)
      .map((each) => `> ⚠️ ${md(textOf(each))}`)
      .join('\n>\n'),
    markdownTable(
      ['Threshold', 'Measured', 'Verdict'],
      ['', 'right', ''],
      judged.thresholds.map((each) => [
        md(each.expression),
        each.value === undefined
          ? `${noData} (${md(each.reason ? textOf(each.reason) : 'not measured')})`
          : formatValue(each.value, each.unit),
        thresholdWords[each.verdict],
      ]),
    ),
    capacityTable(judged),
    stageTable(judged.stages.filter(({ role }) => role === 'measured' || role === 'sustained')),
    sizingTable(judged),
    predictionTable(judged),
    commandTable(judged),
    changes(judged),
    fromTable(drillTable(judged.alarms)),
    fromTable(backtestTable(judged.alarms)),
    judged.agreements.map((each) => `- ${md(each)}`).join('\n'),
    sentences(judged),
    questions(judged),
    `<sub>Run ${md(judged.run)} · validity: ${judged.validity.verdict}${reasons(judged)}</sub>`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
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

function capacityTable({ capacity }: Judged): string {
  if (!capacity) return '';
  const held = capacity.probes.filter((probe) => probe.holds).length;
  return markdownTable(
    ['Capacity', '95 % interval', 'SLO', 'Probes'],
    ['right', 'right', '', 'right'],
    [
      [
        formatRate(capacity.arrivalRatePerS),
        `${formatRate(capacity.low)} to ${formatRate(capacity.high)}`,
        md(capacity.slo.join(' and ')),
        `${capacity.probes.length}, ${held} held`,
      ],
    ],
  );
}

function sizingTable({ sizing }: Judged): string {
  const rate = (perS: number | undefined) => (perS === undefined ? noData : formatRate(perS));
  const both = (predicted: number | undefined, measured: number | undefined) =>
    measured === undefined ? rate(predicted) : `${rate(measured)} (predicted ${rate(predicted)})`;
  const heads = ['Instance type', 'Verdict', 'What binds', 'With credits', 'Without', 'Throttles after', '$ a month'];
  return markdownTable(
    heads,
    ['', '', '', 'right', 'right', '', 'right'],
    (sizing?.types ?? []).map((each) => [
      md(each.instanceType),
      md(each.verdictText),
      md(each.limitedBy.replace('-', ' ')),
      both(each.burstPerS?.value, each.measuredBurstPerS),
      both(each.sustainedPerS?.value, each.measuredSustainedPerS),
      md(each.throttlesAfter ?? noData),
      each.usdPerMonth.toFixed(2),
    ]),
  );
}

function predictionTable({ sizing }: Judged): string {
  return markdownTable(
    ['Prediction', 'Predicted', 'Measured', 'Error'],
    ['', 'right', 'right', 'right'],
    (sizing?.predictions ?? []).map((each) => [
      `${md(each.instanceType)} ${each.state === 'burst' ? 'with credits' : 'at the credit baseline'}`,
      formatRate(each.predictedPerS),
      formatRate(each.measuredPerS),
      `${each.errorPercent > 0 ? '+' : ''}${formatPercent(each.errorPercent)}`,
    ]),
  );
}

function emulation(vcpuShare: number | undefined): string {
  if (vcpuShare === undefined) return '';
  return ` Emulated: one vCPU was ${Number(vcpuShare.toFixed(3))} of a core of the measuring machine; ratios carry over, absolute rates do not.`;
}

/** The three questions of the deployment that this grew from, and what is to be done about the instance type. */
function questions({ questions: asked, sizing }: Judged): string {
  return [
    ...asked.map(({ question, answers }) => `**${md(question)}** ${answers.map(({ text }) => md(text)).join(' ')}`),
    ...(sizing ? [`**Instance type.** ${md(sizing.recommendation)}${emulation(sizing.vcpuShare)}`] : []),
  ].join('\n\n');
}

function commandTable({ commands }: Judged): string {
  const rows = commands.slice(0, 3).flatMap(({ before, during, after }) =>
    (
      [
        ['before', before],
        ['during', during],
        ['after', after],
      ] as const
    ).flatMap(([when, moment]) =>
      moment
        ? [
            [
              when,
              moment.cpuPercent === undefined ? noData : formatPercent(moment.cpuPercent),
              moment.latencyUs ? formatLatency(moment.latencyUs.p50) : noData,
              moment.latencyUs ? formatLatency(moment.latencyUs.p99) : noData,
              moment.throughputPerS === undefined ? noData : formatRate(moment.throughputPerS),
            ],
          ]
        : [],
    ),
  );
  const heads = ['The command', 'CPU user + system', 'p50', 'p99', 'Throughput'];
  return markdownTable(heads, ['', ...heads.slice(1).map(() => 'right')], rows);
}

/** Commands, recovery and trends, a line each. */
function changes({ commands, recovery, trends }: Judged): string {
  const lines = [
    ...commands.slice(0, 3).map(({ command }) => `${command.line} ${describeEnd(command)}`),
    ...(recovery ? [describeRecovery(recovery)] : []),
    ...trends.slice(0, 6).map((trend) => `${describeTrend(trend)} in "${trend.stage}"`),
  ];
  return lines.map((each) => `- ${md(each)}`).join('\n');
}

/** What limits it, and how it performs: the two sentences of a reviewer in a hurry. */
function sentences({ saturation, capacity, noSaturation, questions, stages }: Judged): string {
  const limited = capacity ?? saturation;
  const limit = limited
    ? `Limited by ${limited.limitedBy}: ${limited.because}.`
    : stages.some((stage) => stage.role === 'measured' && stage.arrivalRatePerS)
      ? ''
      : `No saturation point: ${noSaturation ?? 'it was not looked for'}.`;
  const performance = questions[0]?.answers[0]?.text.split(/(?<=\.) /)[0] ?? '';
  return `${md(performance)} ${md(limit)}`.trim();
}

function reasons({ validity }: Judged): string {
  return validity.reasons.length === 0 ? '' : ` (${md(validity.reasons.map(textOf).join('; '))})`;
}

/** A table of the page; its queries stay on the page, where there is room. */
function fromTable({ columns, rows }: Table): string {
  const kept = columns.flatMap((_, index) => (rows[0]?.[index]?.kind === 'code' ? [] : [index]));
  return markdownTable(
    kept.map((index) => columns[index]?.name ?? ''),
    kept.map((index) => (columns[index]?.kind === 'number' ? 'right' : '')),
    rows.map((row) =>
      kept.map((index) => {
        const { text = '', kind } = row[index] ?? {};
        return kind === 'fail' ? `**${md(text)}**` : md(text);
      }),
    ),
  );
}

/** A table; empty without a row. */
export function markdownTable(
  heads: readonly string[],
  align: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(align.map((each) => (each === 'right' ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

/** Text as text: no HTML, no links or mentions, no table cell or emphasis of its own, on one line. */
export function md(text: string): string {
  return plainLine(text)
    .replace(/[\\`*_{}[\]#|~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '@\u200b')
    .replace(/:\/\//g, ':\u200b//');
}
