// Chart 4: the probes of a search for the capacity: which arrival rates met the SLO, and the interval that they leave.
import { scaleLog } from 'd3-scale';
import {
  formatCount,
  formatLatency,
  formatLatencyTick,
  formatNumberOf,
  formatPercent,
  formatRate,
  noData,
} from '../format/format.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged, JudgedCapacity } from '../schema/judged.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import { type Chart, type Size, widths } from './chart.ts';
import { cross, type Frame, logTicks, margin, panelTitle, valueAxis } from './panel.ts';
import { element, label, picture, rule, tooltip } from './svg.ts';

type Probe = JudgedCapacity['probes'][number] & { readonly result: JudgedStage | undefined };

/** Latency of each probe over its arrival rate; held and failed ones differ in shape and colour. Undefined for a run without a capacity. */
export function capacityChart(
  { capacity, stages }: Pick<Judged, 'capacity' | 'stages'>,
  id = 'capacity',
): Chart | undefined {
  if (!capacity) return undefined;
  const { figure } = capacity.latency;
  const probes = capacity.probes.map((probe) => ({ ...probe, result: stages[probe.stage] }));
  const held = probes.filter((probe) => probe.holds).length;
  const title = 'Probes of the capacity';
  const description =
    `${figure} latency over arrival rate, both logarithmic, of ${formatNumberOf(probes.length, 'probe')}: ${held} held the SLO, ${probes.length - held} did not. ` +
    `The capacity is ${formatRate(capacity.arrivalRatePerS)}, with 95 % certainty between ${formatRate(capacity.low)} and ${formatRate(capacity.high)}.`;
  const base = { id, title, description, table: probeTable(probes, figure), notes: notes(probes, figure) };
  if (!probes.some((probe) => latencyOf(probe, figure) !== undefined)) {
    return { ...base, empty: 'No probe has an answered request.' };
  }
  const draw = (size: Size) => drawProbes(probes, capacity, { id: `${id}-${size}`, title, description, size });
  return { ...base, wide: draw('wide'), narrow: draw('narrow') };
}

function probeTable(probes: readonly Probe[], figure: JudgedCapacity['latency']['figure']): Chart['table'] {
  const others = (['p50', 'p99'] as const).filter((each) => each !== figure);
  const latency = (value: number | undefined) => (value === undefined ? noData : formatLatency(value));
  return {
    columns: ['Arrival rate', 'SLO', 'Throughput', figure, ...others, 'Dropped', 'Errors', 'Why'],
    rows: [...probes]
      .sort((a, b) => a.arrivalRatePerS - b.arrivalRatePerS)
      .map((probe) => [
        formatRate(probe.arrivalRatePerS),
        probe.holds ? 'held' : 'failed',
        probe.result?.throughputPerS === undefined ? noData : formatRate(probe.result.throughputPerS),
        latency(probe.result?.latencyUs?.[figure]),
        ...others.map((each) => latency(probe.result?.latencyUs?.[each])),
        probe.result ? formatCount(probe.result.requests.dropped) : noData,
        probe.result?.errorRatePercent === undefined ? noData : formatPercent(probe.result.errorRatePercent),
        whyNot(probe),
      ]),
  };
}

function notes(probes: readonly Probe[], figure: JudgedCapacity['latency']['figure']): string[] {
  const silent = probes.filter((probe) => latencyOf(probe, figure) === undefined).length;
  return silent > 0 ? [`${formatNumberOf(silent, 'probe')} without an answered request: not drawn.`] : [];
}

function latencyOf(probe: Probe, figure: JudgedCapacity['latency']['figure']): number | undefined {
  return probe.result?.latencyUs?.[figure];
}

type Drawn = Probe & { readonly latencyUs: number };

/** The edge is the answer: when the bracketing probes are far from it, it gets a plot of its own. */
const edgeWidths = 5;
const fewestAtEdge = 4;

function drawProbes(
  probes: readonly Probe[],
  capacity: JudgedCapacity,
  options: { readonly id: string; readonly title: string; readonly description: string; readonly size: Size },
): string {
  const { figure, limitUs } = capacity.latency;
  const drawn = probes.flatMap((probe): Drawn[] => {
    const latencyUs = latencyOf(probe, figure);
    return latencyUs === undefined ? [] : [{ ...probe, latencyUs }];
  });
  const around = edgeWidths * (capacity.high - capacity.low);
  const edge = drawn.filter(
    ({ arrivalRatePerS }) => arrivalRatePerS > capacity.low - around && arrivalRatePerS < capacity.high + around,
  );
  const zoomed = edge.length >= fewestAtEdge && edge.length < drawn.length;
  // Beside the key figures there is less room than a whole page.
  const width = options.size === 'wide' ? widths.wide - 330 : widths.narrow;
  const frames = frameThem(width, options.size, zoomed);
  // A logarithm has no zero.
  const latencies = [
    ...drawn.map((probe) => Math.max(1, probe.latencyUs)),
    ...(limitUs === undefined ? [] : [limitUs]),
  ];
  const domain: [number, number] = [Math.min(...latencies), Math.max(...latencies)];
  const keys = [
    { className: 'held', name: 'held', shape: 'disc' as const },
    { className: 'failed', name: 'failed', shape: 'cross' as const },
    { className: 'interval', name: '95 % interval', shape: 'area' as const },
  ];
  const bottom = frames.at(-1)?.bottom ?? 0;
  return picture(
    { ...options, width, height: bottom + 40, className: `chart-${options.size}` },
    panelTitle({ left: 0, right: width, top: margin.title, bottom }, `Latency ${figure}`, keys),
    ...frames.map((frame, index) =>
      drawPanel(index === 0 ? drawn : edge, capacity, frame, domain, index === 0 ? 'all probes' : 'around the edge'),
    ),
  );
}

function frameThem(width: number, size: Size, zoomed: boolean): Frame[] {
  const top = margin.title + 20;
  const whole = { left: margin.left, right: width - margin.right, top, bottom: top + (size === 'wide' ? 262 : 180) };
  if (!zoomed) return [whole];
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
  drawn: readonly Drawn[],
  capacity: JudgedCapacity,
  frame: Frame,
  domain: [number, number],
  name: string,
): string {
  const { figure, limitUs } = capacity.latency;
  const rates = [...drawn.map((probe) => probe.arrivalRatePerS), capacity.low, capacity.high];
  const x = scaleLog([Math.min(...rates), Math.max(...rates) * 1.0001], [frame.left + 14, frame.right - 14]);
  const y = scaleLog(domain, [frame.bottom, frame.top]).nice();
  return [
    interval(capacity, x, frame),
    valueAxis(frame, y, formatLatencyTick, logTicks(y.domain() as [number, number])),
    ...rateTicks(rates, x, frame).map((tick) =>
      label(formatCount(tick), { x: x(tick), y: frame.bottom + 17 }, 'axis', 'middle'),
    ),
    label(`${name}: arrivals/s`, { x: frame.right, y: frame.bottom + 34 }, 'axis-title', 'end'),
    limitUs === undefined ? '' : limit(y(limitUs), limitUs, frame),
    ...drawn.map((probe) => mark(probe, x(probe.arrivalRatePerS), y(Math.max(1, probe.latencyUs)), figure)),
  ].join('');
}

function interval(capacity: JudgedCapacity, x: (rate: number) => number, frame: Frame): string {
  const [from, to] = [x(capacity.low), x(capacity.high)];
  const middle = Math.min(frame.right - 52, Math.max(frame.left + 52, x(capacity.arrivalRatePerS)));
  return (
    element(
      'rect',
      {
        x: from,
        y: frame.top,
        width: Math.max(2, to - from),
        height: frame.bottom - frame.top,
        class: 'area interval',
      },
      tooltip(`95 % interval: ${formatRate(capacity.low)} to ${formatRate(capacity.high)}`),
    ) +
    rule(x(capacity.arrivalRatePerS), frame.top, x(capacity.arrivalRatePerS), frame.bottom, 'mark') +
    label(`capacity ${formatRate(capacity.arrivalRatePerS)}`, { x: middle, y: frame.top - 5 }, 'mark-name', 'middle')
  );
}

function limit(y: number, limitUs: number, frame: Frame): string {
  return (
    rule(frame.left, y, frame.right, y, 'slo-line') +
    label(`SLO: ${formatLatency(limitUs)}`, { x: frame.left + 6, y: y - 5 }, 'mark-name')
  );
}

function mark(probe: Drawn, x: number, y: number, figure: JudgedCapacity['latency']['figure']): string {
  const text = `${formatRate(probe.arrivalRatePerS)} ${probe.holds ? 'held' : 'failed'}: ${figure} ${formatLatency(probe.latencyUs)}`;
  const title = tooltip(probe.holds ? text : `${text}; ${whyNot(probe)}`);
  if (probe.holds) return element('circle', { cx: x, cy: y, r: 5, class: 'dot held' }, title);
  return element('path', { d: cross(x, y), class: 'failed' }, title);
}

/** Rates that were probed, from the highest down, as many as have room beside each other. */
function rateTicks(rates: readonly number[], x: (rate: number) => number, frame: Frame): number[] {
  let last = frame.right + 40;
  return [...new Set(rates.map(Math.round))]
    .sort((a, b) => b - a)
    .filter((rate) => {
      if (last - x(rate) < 48) return false;
      last = x(rate);
      return true;
    });
}

function whyNot({ reasons }: Pick<Probe, 'reasons'>): string {
  return reasons.map(textOf).join('; ');
}
