// The report as it reads in a pull request: the verdict, its figures, the largest risk; tables and answers folded.
import { verdictSign, verdictWord } from '../format/outcome.ts';
import { runBanner } from '../messages/banner.ts';
import { describeRecovery, describeTrend } from '../messages/changes.ts';
import { shortQuestions } from '../messages/short-questions.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import type { Report } from '../schema/report.ts';
import { backtestTable, drillTable } from '../tables/alarms.ts';
import { latencyTable, thresholdTable } from '../tables/load.ts';
import { worstTable } from '../tables/replay.ts';
import { runCards } from '../tables/run-cards.ts';
import { predictionTable, sizingTable } from '../tables/sizing.ts';
import { outcomeOf } from '../verdict/outcome-of.ts';
import { cardTable, fromTable, markdownList, md } from './markdown-text.ts';

const mostLines = 60;
/** Of a table; of stages the last ones. */
const mostRows = 10;

/** GitHub-flavoured Markdown of less than 60 lines. Text from outside cannot leave its cell or become markup. */
export function renderMarkdown({ judged, run }: Pick<Report, 'judged' | 'run'>): string {
  const outcome = outcomeOf(judged);
  const { badge, answer, but } = runBanner(judged, verdictWord(judged.verdict), outcome);
  const { alarms } = judged;
  const fired = backtestTable(alarms, 'fired');
  const thresholds = fromTable(thresholdTable(judged));
  const tables = [
    latencyTable(judged),
    sizingTable(judged),
    predictionTable(judged),
    worstTable(judged),
    drillTable(
      alarms && { ...alarms, monitors: alarms.monitors.filter(({ drill }) => drill?.mustFire || drill?.fired) },
    ),
    fired,
  ].map((table) => fromTable(table, mostRows));
  const head = [
    `## ${verdictSign(outcome)} ${badge}: ${md(answer)}`,
    but === undefined ? '' : `> **But:** ${md(but)}.`,
    cardTable(runCards(judged, run.target.instanceType)),
    ...shortQuestions(judged.questions).map(({ question, answers }) =>
      answers.length === 0 ? '' : `**${md(question)}** ${answers.map(({ text }) => md(text)).join(' ')}`,
    ),
  ];
  const tail = [`<sub>Report: index.html beside this file. Run ${md(judged.run)}: ${judged.validity.verdict}</sub>`];
  const room = mostLines - linesOf([...head, '<details>', '</details>', ...tail]);
  const folded = fitting([thresholds, changes(judged), replayed(judged), ...tables], room);
  const details = folded.length === 0 ? [] : ['<details><summary>Details</summary>', ...folded, '</details>'];
  return `${nonEmpty([...head, ...details, ...tail]).join('\n\n')}\n`;
}

function nonEmpty(blocks: readonly string[]): string[] {
  return blocks.filter((block) => block !== '');
}

/** With the empty line after each. */
function linesOf(blocks: readonly string[]): number {
  return nonEmpty(blocks).reduce((sum, block) => sum + block.split('\n').length + 1, 0);
}

/** The blocks that fit into so many lines; what comes first goes first. */
function fitting(blocks: readonly string[], room: number): string[] {
  const kept: string[] = [];
  for (const block of nonEmpty(blocks)) if (linesOf([...kept, block]) <= room) kept.push(block);
  return kept;
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
