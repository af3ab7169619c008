// The picture of a search for the capacity: all probes, and beside them those around the edge.
import { scaleLog } from 'd3-scale';
import { formatCount, formatLatency, formatLatencyTick, formatRate } from '../format/format.ts';
import { textOf } from '../messages/text-of.ts';
import type { JudgedCapacity } from '../schema/judged.ts';
import type { Canvas, Size } from './drawing/chart.ts';
import {
  cross,
  type Frame,
  fitting,
  type Key,
  keysHeight,
  logTicks,
  margin,
  panelTitle,
  valueAxis,
} from './drawing/panel.ts';
import { element, label, picture, rule, tooltip } from './drawing/svg.ts';

export type DrawnProbe = JudgedCapacity['probes'][number] & { readonly latencyUs: number };

/** The edge gets a plot of its own when the other probes are further away than so many intervals. */
const edgeWidths = 5;
const fewestAtEdge = 4;

const keys: readonly Key[] = [
  { className: 'held', name: 'SLO met', shape: 'disc' },
  { className: 'failed', name: 'missed', shape: 'cross' },
  { className: 'interval', name: '95 % interval', shape: 'area' },
];

/** Latency over arrival rate, both logarithmic. */
export function drawProbes(probes: readonly DrawnProbe[], capacity: JudgedCapacity, canvas: Canvas): string {
  const { figure, limitUs } = capacity.latency;
  const around = edgeWidths * (capacity.high - capacity.low);
  const edge = probes.filter(
    ({ arrivalRatePerS }) => arrivalRatePerS > capacity.low - around && arrivalRatePerS < capacity.high + around,
  );
  const isZoomed = edge.length >= fewestAtEdge && edge.length < probes.length;
  const title = `Latency ${figure}`;
  const sides = { left: 0, right: canvas.width };
  const top = margin.title + keysHeight(sides, title, keys);
  const frames = framesOf(top + 20, canvas.width, canvas.size, isZoomed);
  const latencies = [
    ...probes.map(({ latencyUs }) => atLeastOne(latencyUs)),
    ...(limitUs === undefined ? [] : [limitUs]),
  ];
  const domain: [number, number] = [Math.min(...latencies), Math.max(...latencies)];
  const bottom = frames.at(-1)?.bottom ?? 0;
  return picture(
    { ...canvas, height: bottom + 40 },
    panelTitle({ ...sides, top, bottom }, title, keys),
    ...frames.map((frame, index) =>
      drawPanel(index === 0 ? probes : edge, capacity, frame, domain, index === 0 ? 'all probes' : 'around the edge'),
    ),
  );
}

/** A logarithm has no zero. */
function atLeastOne(latencyUs: number): number {
  return Math.max(1, latencyUs);
}

function framesOf(top: number, width: number, size: Size, isZoomed: boolean): Frame[] {
  const whole = { left: margin.left, right: width - margin.right, top, bottom: top + (size === 'wide' ? 262 : 180) };
  if (!isZoomed) return [whole];
  if (size === 'narrow') {
    const next = whole.bottom + 62;
    return [whole, { ...whole, top: next, bottom: next + 180 }];
  }
  const split = margin.left + 0.36 * (width - margin.left);
  return [
    { ...whole, right: split },
    { ...whole, left: split + margin.left },
  ];
}

function drawPanel(
  probes: readonly DrawnProbe[],
  capacity: JudgedCapacity,
  frame: Frame,
  domain: [number, number],
  name: string,
): string {
  const { figure, limitUs } = capacity.latency;
  const rates = [...probes.map((probe) => probe.arrivalRatePerS), capacity.low, capacity.high];
  const x = scaleLog([Math.min(...rates), Math.max(...rates) * 1.0001], [frame.left + 14, frame.right - 14]);
  const y = scaleLog(domain, [frame.bottom, frame.top]).nice();
  // The rates that were probed, from the highest down.
  const ticks = [...new Set(rates.map(Math.round))].sort((a, b) => b - a);
  return [
    drawInterval(capacity, x, frame),
    valueAxis(frame, y, formatLatencyTick, logTicks(y.domain() as [number, number])),
    ...fitting(ticks, x, 48).map((tick) =>
      label(formatCount(tick), { x: x(tick), y: frame.bottom + 17 }, 'axis', 'middle'),
    ),
    label(`${name}: arrivals/s`, { x: frame.right, y: frame.bottom + 34 }, 'axis-title', 'end'),
    limitUs === undefined ? '' : drawLimit(y(limitUs), limitUs, frame),
    ...probes.map((probe) => drawProbe(probe, x(probe.arrivalRatePerS), y(atLeastOne(probe.latencyUs)), figure)),
  ].join('');
}

function drawInterval(
  { arrivalRatePerS, low, high }: JudgedCapacity,
  x: (rate: number) => number,
  { left, right, top, bottom }: Frame,
): string {
  const [from, to] = [x(low), x(high)];
  const middle = Math.min(right - 52, Math.max(left + 52, x(arrivalRatePerS)));
  return (
    element(
      'rect',
      { x: from, y: top, width: Math.max(2, to - from), height: bottom - top, class: 'area interval' },
      tooltip(`95 % interval: ${formatRate(low)} to ${formatRate(high)}`),
    ) +
    rule(x(arrivalRatePerS), top, x(arrivalRatePerS), bottom, 'mark') +
    label(`capacity ${formatRate(arrivalRatePerS)}`, { x: middle, y: top - 5 }, 'mark-name', 'middle')
  );
}

function drawLimit(y: number, limitUs: number, { left, right }: Frame): string {
  return (
    rule(left, y, right, y, 'slo-line') +
    label(`SLO: ${formatLatency(limitUs)}`, { x: left + 6, y: y - 5 }, 'mark-name')
  );
}

function drawProbe(
  { arrivalRatePerS, holds, latencyUs, reasons }: DrawnProbe,
  x: number,
  y: number,
  figure: string,
): string {
  const text = `${formatRate(arrivalRatePerS)} ${holds ? 'met' : 'missed'} the SLO: ${figure} ${formatLatency(latencyUs)}`;
  const title = tooltip([text, ...reasons.map(textOf)].join('; '));
  if (holds) return element('circle', { cx: x, cy: y, r: 5, class: 'dot held' }, title);
  return element('path', { d: cross(x, y), class: 'failed' }, title);
}
