// The time axis of the charts of a run.
import type { XAxis } from './plot.ts';

/** Steps that people count time in, in seconds; none is more than twice the one before. */
const steps = [
  1, 2, 3, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
] as const;

/** One or two figures are no axis. With this many the steps above leave 42 pixels between two on a phone: `2:05 h` is 40 wide. */
const leastTicks = 3;
const leastApart = 42;

/** From begin to end, in seconds since the run began. */
export function timeAxis(beginS: number, endS: number): XAxis {
  return {
    title: 'time since the run began',
    domain: [beginS, endS],
    apart: leastApart,
    ticks: (width) => timeTicks(beginS, endS, width),
    format: (atS) => clock(atS, endS),
  };
}

/** Round times from begin to end, in steps of at least 70 pixels; closer where fewer than three would fit. */
function timeTicks(beginS: number, endS: number, width: number): number[] {
  const most = Math.max(2, Math.floor(width / 70));
  const roomy = steps.find((step) => (endS - beginS) / step <= most) ?? Math.ceil(endS / most / 86400) * 86400;
  const ticks = multiples(roomy, beginS, endS);
  if (ticks.length >= leastTicks) return ticks;
  const closer = steps.findLast((step) => step < roomy && multiples(step, beginS, endS).length >= leastTicks);
  return closer === undefined ? ticks : multiples(closer, beginS, endS);
}

function multiples(stepS: number, beginS: number, endS: number): number[] {
  const first = Math.ceil(beginS / stepS);
  return Array.from({ length: Math.max(0, Math.floor(endS / stepS) - first + 1) }, (_, at) => (first + at) * stepS);
}

/** Seconds as `45 s`, `1:30` (minutes and seconds) or `2:05 h`, in one form along the axis. */
function clock(seconds: number, endS: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  if (endS <= 120) return `${seconds} s`;
  if (endS < 7200) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 3600)}:${two(Math.floor((seconds % 3600) / 60))} h`;
}
