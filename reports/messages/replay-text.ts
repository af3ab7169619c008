// A replay of CPU credits on a terminal.
import type { Replay, ReplayedPeriod } from '../../model/credits/credit-replay.ts';
import { formatNumberOf, formatPercent, formatUsd } from '../format/format.ts';

/** More rows than this say less than the summary. */
const mostRows = 60;

/** One row per period and a sentence; the last rows when there are many. */
export function renderReplay(replay: Replay): string {
  const unlimited = replay.mode === 'unlimited';
  const heads = [
    'hours',
    'CPU',
    'earned',
    'spent',
    'discarded',
    'launch',
    'balance',
    ...(unlimited ? ['surplus', 'charged'] : ['throttled']),
  ];
  const row = (each: ReplayedPeriod): string[] => [
    hours(each.hours),
    formatPercent(each.cpuUtilizationPercent),
    credits(each.earned),
    credits(each.spent),
    credits(each.discarded),
    credits(each.launchBalance),
    credits(each.balance),
    ...(unlimited ? [credits(each.surplusBalance), credits(each.surplusCharged)] : [hours(each.throttledHours)]),
  ];
  const shown = replay.periods.slice(-mostRows);
  const table = [heads, ...shown.map(row)];
  const widths = heads.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  const lines = table.map((cells) => cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
  if (shown.length < replay.periods.length) {
    lines.unshift(`The last ${shown.length} of ${formatNumberOf(replay.periods.length, 'period')}:`);
  }
  return [...lines, '', sentence(replay)].join('\n');
}

function sentence(replay: Replay): string {
  const who = `${replay.instanceType} in ${replay.mode} mode`;
  if (replay.mode === 'unlimited') {
    const due =
      replay.outstandingSurplusUsd > 0 ? `, and ${formatUsd(replay.outstandingSurplusUsd)} more if it stops now` : '';
    return `${who} never throttles. Its surplus credits cost ${formatUsd(replay.surplusUsd)}${due}.`;
  }
  if (replay.hoursToFirstThrottle === undefined) {
    return `${who} never throttles. Its lowest balance at the end of a period is ${credits(replay.lowestBalance)} CPU credits.`;
  }
  return `${who} is throttled after ${hours(replay.hoursToFirstThrottle)} h, and for ${hours(replay.throttledHours)} h in total.`;
}

function credits(value: number): string {
  return value.toFixed(2);
}

function hours(value: number): string {
  return String(Number(value.toFixed(3)));
}
