// The memory that the app and the system around it require, against the guest memory of each instance type.
import { scaleLinear } from 'd3-scale';
import { byteUnit, formatBytes, formatPercent } from '../format/format.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import type { ComparisonChart } from './compared.ts';
import { type Canvas, type Chart, makeChart, type RunChart } from './drawing/chart.ts';
import { type Frame, type Key, keysHeight, margin, panelTitle } from './drawing/panel.ts';
import { element, label, picture, rule, tooltip } from './drawing/svg.ts';
import { typeClasses } from './drawing/type-color.ts';

type Bar = { readonly instanceType: string; readonly className: string } & NonNullable<
  SizingRecord['types'][number]['memory']
>;

const mostTypes = 6;
const barHeight = 16;
const rowHeight = 44;
/** AWS Compute Optimizer keeps a fifth of the memory free by default. */
const mostUsed = 0.8;

/** A bar for each type; undefined when memory was not observed. */
export const memoryChart: RunChart = {
  id: 'memory',
  section: 'sizing',
  draw: ({ judged }, id) => drawMemory(judged?.sizing?.types ?? [], id),
};

/** The same of both types of a comparison. */
export const comparedMemoryChart: ComparisonChart = {
  id: 'memory-bars',
  section: 'capacity',
  draw: ({ machines }, id) =>
    drawMemory(machines ? [machines.baseline, machines.candidate].map(({ sized }) => sized) : [], id),
};

type Observed = { readonly instanceType: string; readonly memory?: Pick<Bar, 'neededBytes' | 'guestBytes'> };

function drawMemory(types: readonly Observed[], id: string): Chart | undefined {
  const classes = typeClasses(types.map(({ instanceType }) => instanceType));
  const known = types.flatMap(({ instanceType, memory }): Bar[] =>
    memory ? [{ ...memory, instanceType, className: classes.get(instanceType) ?? '' }] : [],
  );
  const bars = known.slice(0, mostTypes);
  if (bars.length === 0) return undefined;
  return makeChart(
    {
      id,
      span: 'half',
      title: 'Memory required',
      description: `Required memory of the guest memory of each type: ${bars.map(describe).join('; ')}.`,
      table: {
        columns: ['Type', 'Required', 'Guest memory', 'Share'],
        rows: bars.map((bar) => [
          bar.instanceType,
          formatBytes(bar.neededBytes),
          formatBytes(bar.guestBytes),
          share(bar),
        ]),
      },
      notes: [
        'Highest use observed, plus an assumed system.',
        ...(known.length > bars.length ? [`Shows ${bars.length} of ${known.length} instance types.`] : []),
      ],
    },
    (canvas) => drawBars(bars, canvas),
  );
}

function isLacking({ neededBytes, guestBytes }: Bar): boolean {
  return neededBytes > guestBytes;
}

function describe({ instanceType, neededBytes, guestBytes }: Bar): string {
  return `${instanceType} ${formatBytes(neededBytes)} of ${formatBytes(guestBytes)}`;
}

function share({ neededBytes, guestBytes }: Bar): string {
  return formatPercent((100 * neededBytes) / guestBytes);
}

function drawBars(bars: readonly Bar[], canvas: Canvas): string {
  const keys: Key[] = [
    { className: bars[0]?.className ?? '', name: 'required', shape: 'area' },
    { className: 'guest', name: 'guest memory', shape: 'area' },
    { className: 'limit', name: '80 %', shape: 'line' },
    ...(bars.some(isLacking) ? [{ className: 'lacking', name: 'missing', shape: 'area' as const }] : []),
  ];
  const sides = { left: 4, right: canvas.width - margin.right };
  const top = margin.title + 8 + keysHeight(sides, '', keys);
  const frame: Frame = { ...sides, top, bottom: top + bars.length * rowHeight };
  const most = Math.max(...bars.flatMap(({ neededBytes, guestBytes }) => [neededBytes, guestBytes]));
  const unit = byteUnit(most);
  const x = scaleLinear([0, most / unit.size], [frame.left, frame.right]);
  const ticks = x.ticks(4).map((tick) => {
    const line = rule(x(tick), frame.top, x(tick), frame.bottom, tick === 0 ? 'axis-line' : 'grid');
    const anchor = tick === 0 ? 'start' : x(tick) > frame.right - 24 ? 'end' : 'middle';
    return line + label(`${tick} ${unit.name}`, { x: x(tick), y: frame.bottom + 17 }, 'axis', anchor);
  });
  return picture(
    { ...canvas, height: frame.bottom + 24 },
    panelTitle(frame, '', keys),
    ...ticks,
    ...bars.map((bar, index) => drawBar(bar, frame, index, (bytes) => x(bytes / unit.size))),
  );
}

function drawBar(bar: Bar, frame: Frame, index: number, x: (bytes: number) => number): string {
  const { neededBytes, guestBytes } = bar;
  const y = frame.top + index * rowHeight + 20;
  const rect = (from: number, to: number, className: string) =>
    element('rect', { x: x(from), y, width: x(to) - x(from), height: barHeight, class: `area ${className}` });
  const limit = x(mostUsed * guestBytes);
  const text = `${describe(bar)} (${share(bar)})`;
  return [
    label(text, { x: frame.left + 4, y: y - 5 }, 'key'),
    element(
      'g',
      {},
      tooltip(text),
      rect(0, guestBytes, 'guest'),
      rect(0, Math.min(neededBytes, guestBytes), bar.className),
      ...(isLacking(bar) ? [rect(guestBytes, neededBytes, 'lacking')] : []),
    ),
    rule(limit, y - 3, limit, y + barHeight + 3, 'limit'),
  ].join('');
}
