// Chart 1: what was done to the server and what its CPU did meanwhile, on one time axis.
import { scaleLinear } from 'd3-scale';
import { area, line, stack } from 'd3-shape';
import { formatCount, formatDuration, formatLatencyTick } from '../format/format.ts';
import type { Sample, Series } from '../series/series.ts';
import type { CpuSample, Timeline } from '../series/timeline.ts';
import { type Chart, type Size, widths } from './chart.ts';
import { emptyPanel, eventMarks, type Frame, fromZero, margin, panelTitle, valueAxis } from './panel.ts';
import { element, picture } from './svg.ts';
import { stageBands, timeAxis } from './time-axis.ts';
import { timeTable, tooltips } from './time-table.ts';

const kinds = ['user', 'system', 'iowait', 'stolen'] as const;
type Time = (atS: number) => number;

/** Throughput, CPU by kind, latency and errors over the seconds of the run, with its stages marked. */
export function timeChart(timeline: Timeline, id = 'time'): Chart {
  const title = 'Throughput, CPU, latency and errors over time';
  const description =
    'Four plots on one time axis: requests completed per second; CPU of the host by kind, stacked, in percent of all cores; ' +
    'latency p50 and p99; errors per second. Stages of load are marked above' +
    `${timeline.marks.length === 0 ? '' : `, and moments: ${timeline.marks.map(({ atS, name }) => `${name} at ${formatDuration(atS)}`).join(', ')}`}.`;
  const table = timeTable(timeline);
  const base = { id, title, description, table, notes: timeline.notes };
  if (timeline.rows.length === 0) return { ...base, empty: 'The run has no second of load and no sample of the host.' };
  const draw = (size: Size) => drawTime(timeline, { id: `${id}-${size}`, title, description, size });
  return { ...base, wide: draw('wide'), narrow: draw('narrow') };
}

function drawTime(
  timeline: Timeline,
  options: { readonly id: string; readonly title: string; readonly description: string; readonly size: Size },
): string {
  const width = widths[options.size];
  const errorless = timeline.errorsPerS.flat().every(([, value]) => value === 0);
  const heights = options.size === 'wide' ? [132, 132, 112, errorless ? 20 : 56] : [104, 104, 96, errorless ? 16 : 48];
  const bandHeight = 20;
  let y = bandHeight;
  const frames = heights.map((height) => {
    const top = y + margin.title;
    y = top + height;
    return { left: margin.left, right: width - margin.right, top, bottom: y };
  }) as [Frame, Frame, Frame, Frame];
  const [throughput, cpu, latency, errors] = frames;
  const time = scaleLinear(
    [timeline.beginS, Math.max(timeline.beginS + 1, timeline.durationS)],
    [margin.left, width - margin.right],
  );
  const intended = timeline.stages.flatMap(
    ({ arrivalRatePerS, fromS, toS }): Series =>
      arrivalRatePerS
        ? [
            [
              [fromS, arrivalRatePerS.from],
              [toS, arrivalRatePerS.to],
            ],
          ]
        : [],
  );
  const plot = { ...throughput, top: 0, bottom: errors.bottom };
  return picture(
    { ...options, width, height: y + 36, className: `chart-${options.size}` },
    stageBands(timeline, time, plot, bandHeight),
    linePanel(
      throughput,
      'Throughput, requests/s',
      time,
      intended.length === 0
        ? [{ series: timeline.throughputPerS, className: 'throughput', name: '' }]
        : [
            { series: timeline.throughputPerS, className: 'throughput', name: 'answered' },
            { series: intended, className: 'intended', name: 'intended' },
          ],
      formatCount,
    ),
    cpuPanel(cpu, timeline.cpu, time, options.size),
    linePanel(
      latency,
      'Latency',
      time,
      [
        { series: timeline.p99Us, className: 'p99', name: 'p99' },
        { series: timeline.p50Us, className: 'p50', name: 'p50' },
      ],
      formatLatencyTick,
    ),
    linePanel(
      errors,
      'Errors/s',
      time,
      [{ series: timeline.errorsPerS, className: 'errors', name: '' }],
      formatCount,
      2,
    ),
    eventMarks(
      timeline.marks.map(({ atS, name }) => ({ x: time(atS), name })),
      { top: throughput.top, bottom: errors.bottom },
      width,
    ),
    timeAxis(time, plot),
    tooltips(timeline, time, plot),
  );
}

type Drawn = { readonly series: Series; readonly className: string; readonly name: string };

function linePanel(
  frame: Frame,
  title: string,
  time: Time,
  drawn: readonly Drawn[],
  format: (value: number) => string,
  ticks = 4,
): string {
  const values = drawn.flatMap(({ series }) => series.flatMap((stretch) => stretch.map(([, value]) => value)));
  if (values.length === 0) return panelTitle(frame, title) + emptyPanel(frame, 'no data');
  const scale = scaleLinear(fromZero(values), [frame.bottom, frame.top]).nice(ticks);
  const path = line<Sample>(
    ([atS]) => time(atS),
    ([, value]) => scale(value),
  ).digits(1);
  const zeros = values.every((value) => value === 0);
  return [
    panelTitle(
      frame,
      title,
      drawn.filter(({ name }) => name !== '').map((each) => ({ ...each, shape: 'line' as const })),
    ),
    valueAxis(frame, scale, format, zeros ? [0] : scale.ticks(ticks)),
    ...drawn.flatMap(({ series, className }) =>
      series.map((stretch) => {
        const [only] = stretch;
        // A line of one point cannot be seen.
        return only && stretch.length === 1
          ? element('circle', { cx: time(only[0]), cy: scale(only[1]), r: 3, class: `dot ${className}` })
          : element('path', { d: path(stretch) ?? '', class: `line ${className}` });
      }),
    ),
  ].join('');
}

function cpuPanel(frame: Frame, cpu: Timeline['cpu'], time: Time, size: Size): string {
  const title = size === 'wide' ? 'CPU, % of all cores' : 'CPU, %';
  const scale = scaleLinear([0, 100], [frame.bottom, frame.top]);
  if (cpu.length === 0) return panelTitle(frame, title) + emptyPanel(frame, 'no data: the host was not observed');
  const layers = stack<CpuSample, (typeof kinds)[number]>().keys(kinds);
  const shape = area<{ readonly data: CpuSample; readonly 0: number; readonly 1: number }>(
    // A single sample is drawn as wide as its second, which may begin before the axis.
    ({ data }) => Math.max(frame.left, time(data.atS)),
    ({ 0: low }) => scale(Math.min(100, low)),
    ({ 1: high }) => scale(Math.min(100, high)),
  ).digits(1);
  return [
    panelTitle(
      frame,
      title,
      kinds.map((kind) => ({ className: kind, name: kind, shape: 'area' as const })),
    ),
    valueAxis(frame, scale, (value) => `${value} %`, [0, 25, 50, 75, 100]),
    ...cpu.flatMap((stretch) =>
      layers(stretch.length === 1 ? widened(stretch) : stretch).map((layer, index) =>
        element('path', { d: shape([...layer]) ?? '', class: `area ${kinds[index]}` }),
      ),
    ),
  ].join('');
}

/** An area of one sample has no width. */
function widened([only]: readonly CpuSample[]): CpuSample[] {
  return only
    ? [
        { ...only, atS: only.atS - 0.5 },
        { ...only, atS: only.atS + 0.5 },
      ]
    : [];
}
