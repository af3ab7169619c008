// The time axis of the charts of a run.
import type { XAxis } from './plot.ts';

/** Steps that people count time in, in seconds. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];

/** From begin to end, in seconds since the run began. */
export function timeAxis(beginS: number, endS: number): XAxis {
  return {
    title: 'time since the run began',
    domain: [beginS, endS],
    ticks: (width) => timeTicks(beginS, endS, width),
    format: (atS) => clock(atS, endS),
  };
}

/** Round times from begin to end, in steps of at least 70 pixels. */
function timeTicks(beginS: number, endS: number, width: number): number[] {
  const room = Math.max(2, Math.floor(width / 70));
  const stepS = steps.find((step) => (endS - beginS) / step <= room) ?? Math.ceil(endS / room / 86400) * 86400;
  const first = Math.ceil(beginS / stepS);
  return Array.from({ length: Math.floor(endS / stepS) - first + 1 }, (_, index) => (first + index) * stepS);
}

/** Seconds as `45 s`, `1:30` (minutes and seconds) or `2:05 h`, in one form along the axis. */
function clock(seconds: number, endS: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  if (endS <= 120) return `${seconds} s`;
  if (endS < 7200) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 3600)}:${two(Math.floor((seconds % 3600) / 60))} h`;
}
