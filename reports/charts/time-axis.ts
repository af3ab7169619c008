// The time axis of a chart, and the stages above it.
import type { ScaleLinear } from 'd3-scale';
import { formatArrivalRate, formatCount } from '../format/format.ts';
import type { Timeline } from '../series/timeline.ts';
import type { Frame } from './panel.ts';
import { element, label, rule, tooltip } from './svg.ts';

/** Steps that people count time in, in seconds. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
/** More bands than this are thinner than a finger and a label. */
const mostBands = 60;
/** Mean width of a character of the band's type. */
const characterWidth = 6.6;

/** Round times from begin to end, in steps that leave each 70 pixels. */
export function timeTicks(beginS: number, endS: number, width: number): number[] {
  const room = Math.max(2, Math.floor(width / 70));
  const stepS = steps.find((step) => (endS - beginS) / step <= room) ?? Math.ceil(endS / room / 86400) * 86400;
  const first = Math.ceil(beginS / stepS);
  return Array.from({ length: Math.floor(endS / stepS) - first + 1 }, (_, index) => (first + index) * stepS);
}

/** Ticks in minutes and seconds, at most one per 70 pixels. */
export function timeAxis(time: ScaleLinear<number, number>, plot: Frame): string {
  const [beginS = 0, endS = 1] = time.domain();
  return (
    timeTicks(beginS, endS, plot.right - plot.left)
      .map(
        (tick) =>
          rule(time(tick), plot.bottom, time(tick), plot.bottom + 4, 'axis-line') +
          label(clock(tick, endS), { x: time(tick), y: plot.bottom + 17 }, 'axis', 'middle'),
      )
      .join('') + label('time since the run began', { x: plot.right, y: plot.bottom + 32 }, 'axis-title', 'end')
  );
}

/** Stages as bands behind the plots, with a name, or their number of connections, where it fits; as one load when they are a small part of the axis. */
export function stageBands(
  timeline: Timeline,
  time: ScaleLinear<number, number>,
  plot: Frame,
  headHeight: number,
): string {
  if (timeline.stages.length > mostBands) {
    return label(
      `${formatCount(timeline.stages.length)} stages: too many to mark`,
      { x: plot.left, y: 14 },
      'band-name',
    );
  }
  const names = timeline.stages.map((stage) => {
    const width = Math.max(0, time(stage.toS) - time(stage.fromS));
    const connections = stage.connections === undefined ? '' : String(stage.connections);
    const rate = stage.arrivalRatePerS === undefined ? '' : formatArrivalRate(stage.arrivalRatePerS);
    const text =
      [stage.name, connections, rate].find((each) => each !== '' && each.length * characterWidth + 6 <= width) ?? '';
    return { width, connections, rate, text };
  });
  const named = names.filter(({ text }) => text !== '');
  const widthOf = (list: typeof names) => list.reduce((sum, { width }) => sum + width, 0);
  // Names over a few of many bands that stand close together would be taken for names of them all.
  const isSmall = widthOf(names) < (plot.right - plot.left) / 4;
  const isNamed = !isSmall || 2 * widthOf(named) >= widthOf(names);
  const bands = timeline.stages
    .map((stage, index) => {
      const x = time(stage.fromS);
      const { width = 0, connections = '', rate = '', text = '' } = names[index] ?? {};
      const band = { x, y: plot.top, width };
      return element(
        'g',
        {},
        tooltip([stage.name, connections && `${connections} connections`, rate].filter(Boolean).join(': ')),
        element('rect', {
          ...band,
          height: plot.bottom - plot.top,
          class: `band ${stage.role} ${index % 2 === 0 ? 'even' : 'odd'}`,
        }),
        element('rect', { ...band, height: headHeight - 2, class: `band-head ${stage.role}` }),
        text === '' || !isNamed ? '' : label(text, { x: x + width / 2, y: plot.top + 13 }, 'band-name', 'middle'),
      );
    })
    .join('');
  const lastS = timeline.stages.at(-1)?.toS;
  if (!isNamed && lastS !== undefined && time(lastS) + 80 < plot.right)
    return bands + label('the load', { x: time(lastS) + 6, y: plot.top + 13 }, 'band-name');
  const isNumbered = isNamed && named.some(({ text, connections }) => text === connections);
  return isNumbered ? bands + label('connections', { x: 0, y: plot.top + 13 }, 'band-name') : bands;
}

/** Seconds as `45 s`, `1:30` (minutes and seconds) or `2:05 h`, in one form along the axis. */
export function clock(seconds: number, endS: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  if (endS <= 120) return `${seconds} s`;
  if (endS < 7200) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 3600)}:${two(Math.floor((seconds % 3600) / 60))} h`;
}
