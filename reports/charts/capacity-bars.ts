// What both types carry, with and without CPU credits: bars with their intervals, what was predicted, and the demand.
import { scaleLinear } from 'd3-scale';
import { present } from '../../model/present.ts';
import { formatCount, formatRate, formatRateInterval } from '../format/format.ts';
import { rateAtSlo } from '../messages/rate-at-slo.ts';
import type { Estimate } from '../series/regression.ts';
import { type Canvas, makeChart } from './chart.ts';
import type { ComparisonChart, DrawnComparison } from './compared.ts';
import { cross, type Frame, type Key, margin, panelTitle } from './panel.ts';
import { element, label, picture, rule, tooltip } from './svg.ts';
import { typeClasses } from './type-color.ts';

type Bar = {
  readonly name: string;
  readonly className: string;
  readonly rate: Estimate;
  /** Said before, in the same unit. */
  readonly predictedPerS?: number;
  readonly demandPerS?: number;
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
          columns: ['Type', 'Rate', '95 % interval', 'Predicted', 'Demand'],
          rows: bars.map(({ name, rate, predictedPerS, demandPerS }) => [
            name,
            formatRate(rate.value),
            `${formatRate(rate.low)} to ${formatRate(rate.high)}`,
            predictedPerS === undefined ? '' : formatRate(predictedPerS),
            demandPerS === undefined ? '' : formatRate(demandPerS),
          ]),
        },
        notes: ['At saturation.', ...describeSlo(machines)],
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
        },
      ];
    }),
  );
}

/** Where it was not measured, the card of the burst capacity says so. */
function describeSlo({ baseline, candidate }: NonNullable<DrawnComparison['machines']>): string[] {
  const found = [baseline, candidate].flatMap(({ instanceType, judged: { withinSlo } }) =>
    withinSlo ? [{ ...withinSlo, instanceType }] : [],
  );
  const [{ slo } = { slo: [] }] = found;
  if (found.length === 0) return [];
  const rates = found.map(
    ({ perS, instanceType, atLeast, atMost }) => `${instanceType} ${rateAtSlo(perS, present({ atLeast, atMost }))}`,
  );
  return [`With credits at ${slo.join(' and ')}: ${rates.join(', ')}.`];
}

function describe({ name, rate, predictedPerS, demandPerS }: Bar): string {
  const said = predictedPerS === undefined ? '' : `, predicted ${formatRate(predictedPerS)}`;
  return `${name} ${formatRateInterval(rate)}${said}${demandPerS === undefined ? '' : `, demand ${formatRate(demandPerS)}`}`;
}

function drawBars(bars: readonly Bar[], canvas: Canvas): string {
  const top = margin.title + 8;
  const frame: Frame = { left: 4, right: canvas.width - margin.right, top, bottom: top + bars.length * rowHeight };
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
  const keys: Key[] = [
    { className: 'whisker', name: '95 % interval', shape: 'line' },
    ...(bars.some(({ predictedPerS }) => predictedPerS !== undefined)
      ? [{ className: 'predicted', name: 'predicted', shape: 'cross' as const }]
      : []),
    ...(bars.some(({ demandPerS }) => demandPerS !== undefined)
      ? [{ className: 'demand', name: 'demand', shape: 'line' as const }]
      : []),
  ];
  return picture(
    { ...canvas, height: frame.bottom + 24 },
    panelTitle(frame, '', keys),
    ...ticks,
    ...bars.map((bar, index) => drawBar(bar, frame.top + index * rowHeight + 20, x)),
  );
}

function drawBar(bar: Bar, y: number, x: (perS: number) => number): string {
  const { name, className, rate, predictedPerS, demandPerS } = bar;
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
    predictedPerS === undefined ? '' : element('path', { d: cross(x(predictedPerS), middle), class: 'predicted' }),
  ].join('');
}
