// What each type of the catalogue costs and sustains: the cheapest one that fits the traffic is marked.
import { scaleLog } from 'd3-scale';
import type { TypeChoice } from '../comparison/type-choices.ts';
import { formatCount, formatRate, formatRateInterval, formatUsd } from '../format/format.ts';
import type { ComparisonChart, DrawnComparison } from './compared.ts';
import { type Canvas, makeChart } from './drawing/chart.ts';
import {
  type Frame,
  fitting,
  type Key,
  keysHeight,
  margin,
  panelTitle,
  roundTicks,
  valueAxis,
} from './drawing/panel.ts';
import { placeNames } from './drawing/place-names.ts';
import type { Scale } from './drawing/plot.ts';
import { element, label, picture, rule, tooltip } from './drawing/svg.ts';
import { typeClasses } from './drawing/type-color.ts';

type Machines = NonNullable<DrawnComparison['machines']>;

const dollarTicks = [5, 10, 20, 50, 100, 200, 500];

/** Undefined where fewer than three types can be predicted. */
export const costChart: ComparisonChart = {
  id: 'cost',
  section: 'cost',
  draw: ({ machines }, id) => {
    const { choices = [], demand } = machines ?? {};
    if (!machines || choices.length < 3) return undefined;
    const cheapest = cheapestThatFits(machines);
    const where = machines.candidate.judged.onEc2 ? ' on EC2' : '';
    const named = cheapest ? ` The cheapest type that fits the traffic is ${cheapest.instanceType}.` : '';
    return makeChart(
      {
        id,
        title: 'Cost against capacity',
        description: `Dollars a month over requests per second${where} at the baseline performance, both logarithmic, one dot for each type of the catalogue with a price; named are those asked about and those of which none cheaper sustains as much.${named}`,
        table: {
          columns: ['Type', 'Sustained', '$ a month', '$ a month, unlimited', 'Verdict'],
          rows: choices.map((each) => [
            each.instanceType,
            formatRateInterval(each.sustainedPerS),
            each.usdPerMonth.toFixed(2),
            each.usdPerMonthUnlimited?.toFixed(2) ?? '',
            demand ? each.verdict.replaceAll('-', ' ') : '',
          ]),
        },
        notes: [
          'Predicted from the measured runs. Named: types that no cheaper one equals. T3 and T4g: unlimited, without surplus charges. T4g needs software for Arm.',
        ],
      },
      (canvas) => drawCost(machines, cheapest, canvas),
    );
  },
};

function cheapestThatFits({ choices, demand }: Machines): TypeChoice | undefined {
  return demand && choices.find(({ verdict }) => verdict === 'fits');
}

function drawCost(
  { choices, demand, baseline, candidate }: Machines,
  cheapest: TypeChoice | undefined,
  canvas: Canvas,
): string {
  const keys = keysOf(choices, demand !== undefined);
  const title = '$ a month';
  const sides = { left: margin.left, right: canvas.width - margin.right };
  const top = margin.title + keysHeight(sides, title, keys);
  const frame: Frame = { ...sides, top, bottom: top + 230 };
  const rates = [...choices.map(({ sustainedPerS }) => sustainedPerS.value), ...(demand ? [demand.meanPerS] : [])];
  const dollars = choices.flatMap(({ usdPerMonth, usdPerMonthUnlimited = usdPerMonth }) => [
    usdPerMonth,
    usdPerMonthUnlimited,
  ]);
  const x = scaleLog([Math.min(...rates) * 0.9, Math.max(...rates) * 1.1], [frame.left + 8, frame.right - 8]);
  const y = scaleLog([Math.min(...dollars) * 0.9, Math.max(...dollars) * 1.1], [frame.bottom, frame.top + 6]);
  const [low, high] = y.domain() as [number, number];
  const classes = typeClasses([baseline.instanceType, candidate.instanceType]);
  const isNeeded = ({ instanceType }: TypeChoice) =>
    classes.has(instanceType) || instanceType === cheapest?.instanceType;
  const names = [...choices.filter(isNeeded), ...choices.filter((each) => !isNeeded(each) && isWorthIt(each, choices))];
  const at = ({ sustainedPerS, usdPerMonth }: TypeChoice) => ({ x: x(sustainedPerS.value), y: y(usdPerMonth) });
  const labels = placeNames(
    names.map((each) => ({
      ...at(each),
      name: isNeeded(each) ? `${each.instanceType} ${formatUsd(each.usdPerMonth)}` : each.instanceType,
      isNeeded: isNeeded(each),
    })),
    [...choices.map(at), ...(demand ? pointsAlong(x(demand.meanPerS), frame) : [])],
    frame,
  ).map(({ name, isNeeded: isBold, anchor, ...point }) => label(name, point, isBold ? 'mark-name' : 'key', anchor));
  return picture(
    { ...canvas, height: frame.bottom + 40 },
    panelTitle(frame, title, keys),
    valueAxis(
      frame,
      y,
      (usd) => `$${usd}`,
      dollarTicks.filter((tick) => tick >= low && tick <= high),
    ),
    rateAxis(frame, x),
    demand ? rule(x(demand.meanPerS), frame.top, x(demand.meanPerS), frame.bottom, 'line demand') : '',
    ...choices.map((each) => drawChoice(each, classes.get(each.instanceType), { x, y })),
    ...labels,
    cheapest
      ? element('circle', { cx: x(cheapest.sustainedPerS.value), cy: y(cheapest.usdPerMonth), r: 8, class: 'ring' })
      : '',
  );
}

/** So that no name stands on a line. */
function pointsAlong(x: number, { top, bottom }: Frame): { readonly x: number; readonly y: number }[] {
  return Array.from({ length: Math.ceil((bottom - top) / 8) }, (_, index) => ({ x, y: top + 8 * index }));
}

function keysOf(choices: Machines['choices'], hasDemand: boolean): Key[] {
  return [
    { className: 'choice', name: 'other types', shape: 'disc' },
    ...(choices.some((each) => each.usdPerMonthUnlimited !== undefined)
      ? [{ className: 'surplus', name: 'unlimited', shape: 'disc' as const }]
      : []),
    ...(hasDemand ? [{ className: 'demand', name: 'demand', shape: 'line' as const }] : []),
  ];
}

function rateAxis({ left, right, bottom }: Frame, x: Scale): string {
  const [least, most] = x.domain() as [number, number];
  return [
    ...fitting(roundTicks(least, most), x, 56).map(
      (tick) =>
        rule(x(tick), bottom, x(tick), bottom + 4, 'axis-line') +
        label(formatCount(tick), { x: x(tick), y: bottom + 17 }, 'axis', 'middle'),
    ),
    rule(left, bottom, right, bottom, 'axis-line'),
    label('requests/s, sustained', { x: right, y: bottom + 34 }, 'axis-title', 'end'),
  ].join('');
}

/** Whether no cheaper type sustains as much. */
function isWorthIt({ usdPerMonth, sustainedPerS }: TypeChoice, choices: readonly TypeChoice[]): boolean {
  return choices.every((other) => other.usdPerMonth >= usdPerMonth || other.sustainedPerS.value < sustainedPerS.value);
}

type Scales = { readonly x: (perS: number) => number; readonly y: (usd: number) => number };

function drawChoice(
  { instanceType, sustainedPerS, usdPerMonth, usdPerMonthUnlimited }: TypeChoice,
  typeClass: string | undefined,
  { x, y }: Scales,
): string {
  const at = x(sustainedPerS.value);
  const surplus = usdPerMonthUnlimited !== undefined && usdPerMonthUnlimited > usdPerMonth * 1.005;
  const tip = `${instanceType}: ${formatRate(sustainedPerS.value)}, ${formatUsd(usdPerMonth)} a month${surplus ? `, ${formatUsd(usdPerMonthUnlimited)} unlimited` : ''}`;
  return [
    surplus ? rule(at, y(usdPerMonth), at, y(usdPerMonthUnlimited), 'line surplus') : '',
    surplus ? element('circle', { cx: at, cy: y(usdPerMonthUnlimited), r: 4, class: 'dot surplus' }, tooltip(tip)) : '',
    element(
      'circle',
      { cx: at, cy: y(usdPerMonth), r: typeClass ? 6 : 4, class: `dot ${typeClass ?? 'choice'}` },
      tooltip(tip),
    ),
  ].join('');
}
