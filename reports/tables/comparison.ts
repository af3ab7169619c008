// The tables of a comparison.

import type { RunComparison, Side } from '../comparison/compare-runs.ts';
import { isWorse } from '../comparison/decision.ts';
import { type Difference, tooShort } from '../comparison/difference.ts';
import type { MachineFacts } from '../comparison/instance-facts.ts';
import { formatDuration, formatLatency, formatPercent, formatRate, noData } from '../format/format.ts';
import { figureName, formatFigure, formatSigned } from '../messages/difference-text.ts';
import { fewestSeconds } from '../series/bootstrap.ts';
import { verdictWord } from '../verdict/headline.ts';
import { type Cell, cut, figure, number, type Table, text, words } from './table.ts';

const right = (content: string): Cell => ({ text: content, kind: 'number' });
const blank: Cell = { text: '', kind: 'text' };

/** Everything that a decision rests on, the two beside each other. */
export function sideBySideTable(comparison: RunComparison): Table {
  const { baseline, candidate, differences, machines } = comparison;
  return {
    caption: 'Side by side',
    columns: [text('Figure'), number(baseline.label), number(candidate.label), number('Difference (95 %)')],
    rows: [
      ...(machines ? [...machineRows(machines.baseline, machines.candidate), ...baselineLatencyRows(comparison)] : []),
      ...(machines ? [] : [ratesRow('Highest throughput', busiest(baseline), busiest(candidate))]),
      [words('What limits throughput'), right(binds(baseline)), right(binds(candidate)), blank],
      ...differences.map((each) => [
        words(figureName(each.metric).replace(/^./, (letter) => letter.toUpperCase())),
        right(formatFigure(each.metric, each.baseline)),
        right(formatFigure(each.metric, each.candidate)),
        changeCell(each),
      ]),
      [words('Its run'), right(verdict(baseline)), right(verdict(candidate)), blank],
      [words('Measured'), right(validity(baseline)), right(validity(candidate)), blank],
    ],
    empty: '',
    note: noteOf(comparison),
  };
}

function noteOf({ stages, machines, differences }: RunComparison): string {
  const shared =
    stages.length === 0
      ? 'The runs have no measured stage in common.'
      : differences.length === 0
        ? `No difference of latency, throughput and errors: ${tooShort}.`
        : `Latency, throughput and errors over the ${stages.length === 1 ? 'stage' : `${stages.length} stages`} that both have, with the 95 % interval of the difference.`;
  return machines
    ? `${shared} "Around the clock": on the CPU credits that are earned meanwhile. Credits last so long with all vCPUs busy.`
    : shared;
}

/** What the figures of emulated machines say of real ones; undefined when none was emulated. */
export function describeEmulation({ candidate: { run } }: RunComparison): string | undefined {
  const share = run.target.vcpuShare;
  if (share === undefined) return undefined;
  return `Both machines were emulated: each vCPU is ${formatPercent(100 * share)} of a core of this machine (${run.generator.cpuModel}). Ratios carry over to EC2, absolute rates only as far as the cores are alike.`;
}

function machineRows(before: MachineFacts, after: MachineFacts): Cell[][] {
  const dollars = (value: number) => `$${value.toFixed(2)}`;
  const difference = after.usdPerMonth - before.usdPerMonth;
  const lasts = (facts: MachineFacts, start: 'launch' | 'full') =>
    facts.burstLastsS ? formatDuration(facts.burstLastsS[start]) : 'no credits';
  return [
    [
      words('Price a month'),
      right(dollars(before.usdPerMonth)),
      right(dollars(after.usdPerMonth)),
      right(`${difference < 0 ? '−' : '+'}${dollars(Math.abs(difference))}`),
    ],
    [words('vCPUs'), right(`${before.vcpus}`), right(`${after.vcpus}`), blank],
    [words('Memory'), right(`${before.memoryGiB} GiB`), right(`${after.memoryGiB} GiB`), blank],
    ratesRow('With CPU credits', before.burstPerS, after.burstPerS),
    ratesRow('Around the clock', before.sustainedPerS?.value, after.sustainedPerS?.value),
    ...(['launch', 'full'] as const).map((start) => [
      words(start === 'launch' ? 'Credits last, from launch' : 'Credits last, from full'),
      right(lasts(before, start)),
      right(lasts(after, start)),
      blank,
    ]),
  ];
}

/** Of the stages at the credit baseline, which no run of a type that never throttles has; none when neither run has one. */
function baselineLatencyRows({ baseline, candidate }: RunComparison): Cell[][] {
  const [before, after] = [baseline, candidate].map(
    ({ judged }) => judged.stages.find(({ role }) => role === 'sustained')?.latencyUs?.p99,
  );
  if (before === undefined && after === undefined) return [];
  return [[words('p99 without credits'), figure(before, formatLatency), figure(after, formatLatency), blank]];
}

function ratesRow(name: string, before: number | undefined, after: number | undefined): Cell[] {
  const change = before !== undefined && after !== undefined && before > 0 ? 100 * (after / before - 1) : undefined;
  return [
    words(name),
    figure(before, formatRate),
    figure(after, formatRate),
    figure(change, (value) => `${value < 0 ? '−' : '+'}${formatPercent(Math.abs(value))}`),
  ];
}

function busiest({ judged }: Side): number | undefined {
  return judged.busiest?.throughputPerS;
}

function binds({ judged }: Side): string {
  const limit = judged.capacity ?? judged.saturation;
  if (!limit) return noData;
  return limit.limitedBy === 'unknown' ? 'not known' : limit.limitedBy;
}

function verdict({ judged }: Side): string {
  return verdictWord(judged.verdict);
}

function validity({ judged }: Side): string {
  return judged.validity.verdict;
}

function changeCell(each: Difference): Cell {
  const { metric, difference } = each;
  const signed = (value: number) => formatSigned(metric, value);
  if (difference.low === 0 && difference.high === 0) return right('none');
  return {
    text: signed(difference.value),
    kind: changeKind(each),
    detail: `${signed(difference.low)} to ${signed(difference.high)}`,
  };
}

function changeKind(each: Difference): Cell['kind'] {
  if (each.verdict !== 'differs') return 'number';
  return isWorse(each) ? 'worse' : 'better';
}

/** Stage by stage: throughput, p50 and p99 of both, with the interval of the difference where the stage is long enough for one. */
export function stagesTable(comparison: RunComparison): Table {
  const { byStage, baseline, candidate } = comparison;
  const short = byStage.some(({ differences }) => differences.length === 0);
  const { shown, note } = cut(
    byStage.flatMap(({ stage, differences }) =>
      differences.length > 0 ? differences.map((each) => judgedRow(stage, each)) : shortRows(stage, comparison),
    ),
    'rows',
  );
  const notes = [
    ...(short
      ? [`A stage of fewer than ${fewestSeconds} measured seconds has no interval: its difference may be chance.`]
      : []),
    ...(note === undefined ? [] : [note]),
  ];
  return {
    caption: 'Stage by stage',
    columns: [
      text('Stage'),
      text('Figure'),
      number(baseline.label),
      number(candidate.label),
      number('Difference (95 %)'),
      text('Verdict'),
    ],
    rows: shown,
    empty: 'The runs have no measured stage in common.',
    ...(notes.length > 0 && { note: notes.join(' ') }),
  };
}

function judgedRow(stage: string, each: Difference): Cell[] {
  return [
    words(stage),
    words(figureName(each.metric)),
    right(formatFigure(each.metric, each.baseline)),
    right(formatFigure(each.metric, each.candidate)),
    changeCell(each),
    words(each.verdict === 'differs' ? (isWorse(each) ? 'worse' : 'better') : 'not shown'),
  ];
}

function shortRows(stage: string, { baseline, candidate }: RunComparison): Cell[][] {
  const [before, after] = [baseline, candidate].map(({ judged }) => judged.stages.find(({ name }) => name === stage));
  const figures = [
    ['throughput', before?.throughputPerS, after?.throughputPerS],
    ['latency.p50', before?.latencyUs?.p50, after?.latencyUs?.p50],
    ['latency.p99', before?.latencyUs?.p99, after?.latencyUs?.p99],
  ] as const;
  return figures.map(([metric, was, is]) => {
    const show = (value: number) => formatFigure(metric, value);
    const change = was === undefined || is === undefined ? undefined : is - was;
    return [
      words(stage),
      words(figureName(metric)),
      figure(was, show),
      figure(is, show),
      figure(change, (value) => formatSigned(metric, value)),
      words('too short to tell'),
    ];
  });
}

/** The margins that were stated before, and what came of them. */
export function marginTable({ margins }: RunComparison): Table {
  const verdicts = {
    'is-not': ['is not worse', 'pass'],
    is: ['is worse', 'fail'],
    'needs-more': ['needs more', 'no-data'],
    'no-data': ['no data', 'no-data'],
  } as const;
  return {
    caption: 'Margins',
    columns: [text('Margin'), text('Verdict'), text('In words')],
    rows: margins.map(({ expression, verdict: found, text: sentence }) => [
      { text: expression, kind: 'code' },
      { text: verdicts[found][0], kind: verdicts[found][1] },
      words(sentence),
    ]),
    empty: 'No margin was stated (--margin "latency.p99 +10ms"): differences are told, and fail nothing.',
  };
}
