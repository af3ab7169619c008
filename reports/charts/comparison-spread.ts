// The distributions of latency of two runs, over each other.
import { formatLatency, formatLatencyTick, formatPercent } from '../format/format.ts';
import { type ComparisonChart, sidesOf } from './compared.ts';
import { shown } from './drawing/chart.ts';
import { linePanel } from './drawing/line-panel.ts';
import { logTicks } from './drawing/panel.ts';
import { plotChart } from './drawing/plot.ts';

/** Share of the responses in each of equal logarithmic steps of latency. */
export const spreadChart: ComparisonChart = {
  id: 'spread',
  section: 'folded',
  draw: (comparison, id) => {
    const sides = sidesOf(comparison);
    const { stages } = comparison;
    const steps = [...new Set(sides.flatMap(({ spread }) => spread.map(([us]) => us)))].sort((a, b) => a - b);
    return plotChart({
      id,
      title: 'Distribution of latency',
      description:
        'Share of the responses by latency, in equal logarithmic steps, both runs over each other. Further right is slower.',
      panels: [
        linePanel({
          title: 'Responses',
          unit: '% of all',
          lines: sides.map(({ label, className, spread }) => ({
            name: label,
            className,
            points: spread,
            filled: true,
          })),
          format: (value) => `${value} %`,
          height: 200,
        }),
      ],
      x: {
        title: 'latency, logarithmic',
        log: true,
        ticks: steps.length > 0 ? logTicks([steps[0] ?? 1, steps.at(-1) ?? 1]) : [],
        format: formatLatencyTick,
      },
      notes: stages.length > 1 ? [`Over the ${stages.length} stages that both runs have.`] : [],
      table: {
        columns: ['Latency, about', ...sides.map(({ label }) => `${label}: responses`)],
        rows: steps.map((us) => [
          formatLatency(us),
          ...sides.map(({ spread }) => shown(spread.find(([each]) => each === us)?.[1], formatPercent)),
        ]),
      },
      ...(steps.length === 0 && { empty: 'The runs have no stage with responses in common.' }),
    });
  },
};
