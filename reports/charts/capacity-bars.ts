// What both types carry, with and without CPU credits: bars with their intervals, what was predicted, and the demand.
import { scaleLinear } from 'd3-scale';
import { formatCount, formatRate, formatRateInterval } from '../format/format.ts';
import { rateAtSlo } from '../messages/rate-at-slo.ts';
import type { Estimate } from '../series/regression.ts';
import type { ComparisonChart, DrawnComparison } from './compared.ts';
import { type Canvas, makeChart } from './drawing/chart.ts';
import { cross, type Frame, type Key, keysHeight, margin, panelTitle } from './drawing/panel.ts';
import { element, label, picture, rule, tooltip } from './drawing/svg.ts';
import { typeClasses } from './drawing/type-color.ts';

type Bar = {
  readonly name: string;
  readonly className: string;
  readonly rate: Estimate;
  /** Said before, in the same unit. */
  readonly predictedPerS?: number;
  readonly demandPerS?: number;
  /** With CPU credits at the SLO. */
  readonly atSlo?: Estimate;
};

const barHeight = 16;
const rowHeight = 44;

/** A bar for each type and state; undefined where neither type was sized. */
export const capacityBars: ComparisonChart = {
  id: 'capacity-bars',
  section: 'capacity',
  draw: ({ machines }, id) => {
    const bars = machines ? barsOf(machines) : [];
    if (!machines || bars.length === 0) return undefined;
    const where = machines.candidate.judged.onEc2 ? ' on EC2' : '';
    return makeChart(
      {
        id,
        span: 'half',
        title: `Capacity${where}`,
        description: `Requests per second at saturation with CPU credits (burst) and at the baseline performance (sustained): ${bars.map(describe).join('; ')}.`,
        table: {
          columns: ['Type', 'Rate', '95 % interval', 'Predicted', 'Demand', 'At the SLO'],
          rows: bars.map(({ name, rate, predictedPerS, demandPerS, atSlo }) => [
            name,
            formatRate(rate.value),
            `${formatRate(rate.low)} to ${formatRate(rate.high)}`,
            predictedPerS === undefined ? '' : formatRate(predictedPerS),
            demandPerS === undefined ? '' : formatRate(demandPerS),
            atSlo ? formatRateInterval(atSlo) : '',
          ]),
        },
        notes: describeSlo(machines),
      },
      (canvas) => drawBars(bars, canvas),
    );
  },
};

function barsOf({ baseline, candidate, predictions, demand }: NonNullable<DrawnComparison['machines']>): Bar[] {
  const classes = typeClasses([baseline.instanceType, candidate.instanceType]);
  return [baseline, candidate].flatMap(({ instanceType, judged, sized }) =>
    (['burst', 'sustained'] as const).flatMap((state): Bar[] => {
      const rate = judged[`${state}PerS`];
      if (!rate) return [];
      const said = predictions.find((each) => each.instanceType === instanceType && each.state === state);
      const demandPerS = demand && (state === 'burst' ? demand.peakPerS : demand.meanPerS);
      return [
        {
          name: `${instanceType} ${state}`,
          className: classes.get(instanceType) ?? '',
          rate,
          ...(said && { predictedPerS: said.predictedPerS * (sized.onEc2?.vcpuOfACore.value ?? 1) }),
          ...(demandPerS !== undefined && { demandPerS }),
          ...(state === 'burst' && judged.withinSlo && !judged.withinSlo.atMost && { atSlo: judged.withinSlo.perS }),
        },
      ];
    }),
  );
}

/** The card has the candidate's rate at the SLO, or says that it was not measured. */
function describeSlo({ baseline: { instanceType, judged } }: NonNullable<DrawnComparison['machines']>): string[] {
  const bars = 'Bars: saturation.';
  if (!judged.withinSlo) return [bars];
  const { perS, slo: _, ...within } = judged.withinSlo;
  return [`${bars} At the SLO: ${instanceType} ${rateAtSlo(perS, within)}.`];
}

function describe({ name, rate, predictedPerS, demandPerS }: Bar): string {
  const said = predictedPerS === undefined ? '' : `, predicted ${formatRate(predictedPerS)}`;
  return `${name} ${formatRateInterval(rate)}${said}${demandPerS === undefined ? '' : `, demand ${formatRate(demandPerS)}`}`;
}

function drawBars(bars: readonly Bar[], canvas: Canvas): string {
  const keys: Key[] = [
    { className: 'whisker', name: '95 % interval', shape: 'line' },
    ...(bars.some(({ predictedPerS }) => predictedPerS !== undefined)
      ? [{ className: 'predicted', name: 'predicted', shape: 'cross' as const }]
      : []),
    ...(bars.some(({ atSlo }) => atSlo) ? [{ className: 'at-slo', name: 'at the SLO', shape: 'disc' as const }] : []),
    ...(bars.some(({ demandPerS }) => demandPerS !== undefined)
      ? [{ className: 'demand', name: 'demand', shape: 'line' as const }]
      : []),
  ];
  const sides = { left: 4, right: canvas.width - margin.right };
  const top = margin.title + 8 + keysHeight(sides, '', keys);
  const frame: Frame = { ...sides, top, bottom: top + bars.length * rowHeight };
  const most = Math.max(
    ...bars.flatMap(({ rate, demandPerS = 0, predictedPerS = 0 }) => [rate.high, demandPerS, predictedPerS]),
  );
  const x = scaleLinear([0, most], [frame.left, frame.right]);
  const ticks = x.ticks(canvas.size === 'wide' ? 4 : 3).map((tick) => {
    const anchor = tick === 0 ? 'start' : x(tick) > frame.right - 24 ? 'end' : 'middle';
    return (
      rule(x(tick), frame.top, x(tick), frame.bottom, tick === 0 ? 'axis-line' : 'grid') +
      label(tick === 0 ? '0/s' : formatCount(tick), { x: x(tick), y: frame.bottom + 17 }, 'axis', anchor)
    );
  });
  return picture(
    { ...canvas, height: frame.bottom + 24 },
    panelTitle(frame, '', keys),
    ...ticks,
    ...bars.map((bar, index) => drawBar(bar, frame.top + index * rowHeight + 20, x)),
  );
}

function drawBar(bar: Bar, y: number, x: (perS: number) => number): string {
  const { name, className, rate, predictedPerS, demandPerS, atSlo } = bar;
  const middle = y + barHeight / 2;
  return [
    label(`${name} ${formatRateInterval(rate)}`, { x: x(0) + 4, y: y - 5 }, 'key'),
    element(
      'g',
      {},
      tooltip(describe(bar)),
      element('rect', { x: x(0), y, width: x(rate.value) - x(0), height: barHeight, class: `area ${className}` }),
      rate.low < rate.high ? rule(x(rate.low), middle, x(rate.high), middle, 'line whisker') : '',
      ...(rate.low < rate.high
        ? [rate.low, rate.high].map((end) => rule(x(end), middle - 4, x(end), middle + 4, 'line whisker'))
        : []),
    ),
    demandPerS === undefined ? '' : rule(x(demandPerS), y - 3, x(demandPerS), y + barHeight + 3, 'line demand'),
    // On a rim of the page's colour, to stand out from the bar.
    ...(predictedPerS === undefined ? [] : ['predicted rim', 'predicted']).map((mark) =>
      element('path', { d: cross(x(predictedPerS ?? 0), middle), class: mark }),
    ),
    atSlo ? element('circle', { cx: x(atSlo.value), cy: middle, r: 5, class: 'dot at-slo' }) : '',
  ].join('');
}
