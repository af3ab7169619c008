// CPU, load, latency and errors of a run on one time axis.
import { scaleLinear } from 'd3-scale';
import { area, stack } from 'd3-shape';
import { formatCount, formatDuration, formatLatencyTick } from '../format/format.ts';
import type { Series } from '../series/series.ts';
import type { Timeline } from '../series/timeline.ts';
import type { CpuSample } from '../series/timeline-rows.ts';
import { bandsOf } from './drawing/bands.ts';
import type { DrawnReport, RunChart, Size } from './drawing/chart.ts';
import { linePanel, seriesLines } from './drawing/line-panel.ts';
import { emptyPanel, type Frame, keysHeight, panelTitle, valueAxis } from './drawing/panel.ts';
import { type Panel, plotChart, type Scale } from './drawing/plot.ts';
import { element } from './drawing/svg.ts';
import { timeAxis } from './drawing/time-axis.ts';
import { timeTable, tooltips } from './time-table.ts';

const kinds = ['user', 'system', 'iowait', 'stolen'] as const;

/** CPU, throughput and latency over the seconds of the run, and its errors if there are any, with its stages marked. */
export const timeChart: RunChart = {
  id: 'time',
  section: 'time',
  draw: ({ timeline, run }, id) => {
    const { beginS, durationS, rows } = timeline;
    const marks: readonly TimeMark[] = [...timeline.marks, ...ownDoing(timeline, run)];
    const events = marks.map(({ atS, name }) => `${name} at ${formatDuration(atS)}`).join(', ');
    const isEmulated = timeline.instanceCpu.length > 0;
    const errors = isErrorless(timeline) ? '' : ' and errors';
    return plotChart({
      id,
      title: `CPU, throughput${errors === '' ? ' and' : ','} latency${errors} over time`,
      description:
        `Plots on one time axis: ${isEmulated ? 'CPU of the instance in percent of its vCPUs' : 'host CPU by kind, stacked, in percent of all cores'}; completed requests per second; p50 and p99 latency, logarithmic${errors === '' ? '' : '; errors per second'}. ` +
        `Load stages are marked above${events === '' ? '' : `, and events: ${events}`}.`,
      panels: panelsOf(timeline, run),
      x: timeAxis(beginS, Math.max(beginS + 1, durationS)),
      bands: bandsOf(timeline),
      marks: marks.map(({ atS, ...named }) => ({ at: atS, ...named })),
      overlay: (x, frames) => tooltips(timeline, x, frames),
      table: timeTable(timeline),
      notes: [...timeline.notes, ...explainCpu(timeline, run)],
      ...(rows.length === 0 && { empty: 'The run has no second of load and no host sample.' }),
    });
  },
};

type TimeMark = { readonly atS: number; readonly name: string; readonly short?: string };

function isErrorless({ errorsPerS }: Timeline): boolean {
  return errorsPerS.flat().every(([, value]) => value === 0);
}

/** What headroom did to the instance itself. */
function ownDoing({ stages }: Timeline, run: DrawnReport['run']) {
  const without = stages.find(({ role }) => role === 'sustained');
  const isEmulated = run?.target.vcpuShare !== undefined;
  return without && isEmulated
    ? [{ atS: without.fromS, name: 'headroom takes the CPU credits away', short: 'no credits' }]
    : [];
}

function panelsOf(timeline: Timeline, run: DrawnReport['run']): Panel[] {
  return [
    timeline.instanceCpu.length > 0 ? instanceCpuPanel(timeline, run) : hostCpuPanel(timeline),
    throughputPanel(timeline),
    linePanel({
      title: 'Latency',
      format: formatLatencyTick,
      log: true,
      height: { wide: 112, narrow: 96 },
      lines: [
        ...seriesLines({ series: timeline.p99Us, className: 'p99', name: 'p99' }),
        ...seriesLines({ series: timeline.p50Us, className: 'p50', name: 'p50' }),
      ],
    }),
    ...(isErrorless(timeline) ? [] : [errorsPanel(timeline)]),
  ];
}

function instanceCpuPanel({ instanceCpu }: Timeline, run: DrawnReport['run']): Panel {
  return linePanel({
    title: `CPU of ${run?.target.instanceType ?? 'the instance'}`,
    unit: '% of its vCPUs',
    format: (value) => `${value} %`,
    height: { wide: 112, narrow: 96 },
    most: 100,
    lines: seriesLines({ series: instanceCpu, className: 'candidate', name: '' }),
  });
}

function hostCpuPanel({ cpu }: Timeline): Panel {
  return {
    height: { wide: 132, narrow: 104 },
    xs: cpu.flat().map(({ atS }) => atS),
    draw: (frame, x, size) => drawCpu(frame, cpu, x, size),
    head: (frame, size) => (cpu.length > 0 ? keysHeight(frame, cpuTitle(size), cpuKeys) : 0),
  };
}

function throughputPanel({ stages, throughputPerS }: Timeline): Panel {
  const intended = stages.flatMap(({ arrivalRatePerS: rate, fromS, toS }): Series => {
    if (!rate) return [];
    const stretch = [
      [fromS, rate.from],
      [toS, rate.to],
    ] as const;
    return [stretch];
  });
  const warmUps = stages.filter(({ role }) => role === 'warm-up');
  const name = intended.length === 0 ? '' : 'completed';
  return linePanel({
    title: 'Throughput',
    unit: 'requests/s',
    format: formatCount,
    height: { wide: 132, narrow: 104 },
    // During the warm-up an emulated app has its cores whole: it must not set the axis.
    scaledBy: (atS) => !warmUps.some(({ fromS, toS }) => atS >= fromS && atS <= toS),
    lines: [
      ...seriesLines({ series: throughputPerS, className: 'throughput', name }),
      ...seriesLines({ series: intended, className: 'intended', name: 'intended' }),
    ],
  });
}

function errorsPanel({ errorsPerS }: Timeline): Panel {
  return linePanel({
    title: 'Errors/s',
    format: formatCount,
    height: { wide: 56, narrow: 48 },
    lines: seriesLines({ series: errorsPerS, className: 'errors', name: '' }),
  });
}

const cpuKeys = kinds.map((kind) => ({ className: kind, name: kind, shape: 'area' as const }));

function cpuTitle(size: Size): string {
  return size === 'wide' ? 'CPU, % of all cores' : 'CPU, %';
}

function drawCpu(frame: Frame, cpu: Timeline['cpu'], x: Scale, size: Size): string {
  const title = cpuTitle(size);
  if (cpu.length === 0) return panelTitle(frame, title) + emptyPanel(frame, 'no data: host metrics were not collected');
  const y = scaleLinear([0, 100], [frame.bottom, frame.top]);
  const layers = stack<CpuSample, (typeof kinds)[number]>().keys(kinds);
  const shape = area<{ readonly data: CpuSample; readonly 0: number; readonly 1: number }>(
    // A single sample is drawn as wide as its second, which may begin before the axis.
    ({ data }) => Math.max(frame.left, x(data.atS)),
    ({ 0: low }) => y(Math.min(100, low)),
    ({ 1: high }) => y(Math.min(100, high)),
  ).digits(1);
  return [
    panelTitle(frame, title, cpuKeys),
    valueAxis(frame, y, (value) => `${value} %`, [0, 25, 50, 75, 100]),
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

/** Which CPU the chart shows when an instance was emulated on a larger machine. */
function explainCpu({ instanceCpu }: Timeline, run: DrawnReport['run']): string[] {
  if (run?.target.vcpuShare === undefined) return [];
  if (instanceCpu.length === 0) return ['CPU is that of the whole measuring machine, including the load generator.'];
  const notes = [
    ...(run.stages.some(({ role }) => role === 'warm-up') ? ['The axes leave out the warm-up.'] : []),
    ...(run.stages.some(({ blocks }) => blocks) ? ['Gaps: speed checks, and turns of another type.'] : []),
  ];
  return notes.length > 0 ? [notes.join(' ')] : [];
}
