// How long the CPU credits of both types last at each load: what a reader without traffic needs.
import { formatCount, formatDuration, formatHours, formatRate } from '../format/format.ts';
import type { ComparisonChart, DrawnComparison } from './compared.ts';
import { type Lines, linePanel } from './drawing/line-panel.ts';
import { roundTicks } from './drawing/panel.ts';
import { plotChart } from './drawing/plot.ts';
import { typeClasses } from './drawing/type-color.ts';

type Drained = Pick<NonNullable<DrawnComparison['machines']>['baseline'], 'instanceType' | 'untilEmpty'>;

const minutesTicks = [10, 30, 60, 180, 600, 1440, 4320, 10_080];

/** Hours until no credit is left, from a full balance and after a launch, over requests per second. */
export const untilEmptyChart: ComparisonChart = {
  id: 'until-empty',
  section: 'credits',
  draw: ({ machines }, id) => {
    const both = machines && !machines.demand ? [machines.baseline, machines.candidate] : [];
    const types = both.filter(({ untilEmpty }) => untilEmpty.length > 0);
    if (types.length === 0) return undefined;
    const classes = typeClasses(both.map(({ instanceType }) => instanceType));
    const lines = types.flatMap((type) => linesOf(type, classes.get(type.instanceType) ?? ''));
    const rates = types.flatMap(({ untilEmpty }) => untilEmpty.map(([perS]) => perS));
    const [least, most] = [Math.min(...rates), Math.max(...rates)];
    const onEc2 = types.every(({ judged }) => judged.onEc2);
    return plotChart({
      id,
      title: 'Load against time until the CPU credits are used up',
      description: `Hours until no CPU credit is left at a constant load, both axes logarithmic. Up to its sustained rate a type never runs out: ${types
        .map(({ instanceType, judged }) => `${instanceType} ${formatRate(judged.sustainedPerS?.value ?? 0)}`)
        .join(', ')}.`,
      panels: [
        linePanel({
          title: 'Credits last',
          lines,
          log: true,
          ticks: minutesTicks,
          format: (minutes) => formatDuration(60 * minutes),
          height: { wide: 200, narrow: 180 },
        }),
      ],
      x: {
        title: onEc2 ? 'requests/s on EC2' : 'requests/s',
        log: true,
        ticks: roundTicks(least, most),
        format: formatCount,
      },
      marks: types.map(({ instanceType, judged }) => {
        const sustained = formatRate(judged.sustainedPerS?.value ?? 0);
        return {
          at: Math.max(least, judged.sustainedPerS?.value ?? least),
          name: `${instanceType} sustains ${sustained}`,
          short: `${instanceType} ${sustained}`,
        };
      }),
      table: {
        columns: ['Type', 'Load', 'After launch', 'Full balance'],
        rows: types.flatMap(({ instanceType, untilEmpty }) =>
          untilEmpty.map(([perS, launch, full]) => [
            instanceType,
            formatRate(perS),
            formatHours(launch),
            formatHours(full),
          ]),
        ),
      },
      notes: [],
    });
  },
};

/** Minutes over requests per second, from a minute on. */
function linesOf({ instanceType, untilEmpty }: Drained, className: string): Lines[] {
  const of = (start: 1 | 2) =>
    untilEmpty.map((each) => [each[0], 60 * each[start]] as const).filter(([, minutes]) => minutes >= 1);
  return [
    { name: `${instanceType}, full balance`, className, points: of(2) },
    { name: `${instanceType}, after launch`, className: `${className} raw`, points: of(1) },
  ];
}
