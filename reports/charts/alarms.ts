// The monitors on the time axis of the run: when each would have been in Alert, and when it was.
import { scaleLinear } from 'd3-scale';
import { formatDuration } from '../format/format.ts';
import type { JudgedAlarm, JudgedAlarms, Span } from '../schema/judged-alarms.ts';
import type { Timeline } from '../series/timeline.ts';
import { type Chart, type Size, widths } from './chart.ts';
import { margin } from './panel.ts';
import { element, label, picture, rule, tooltip } from './svg.ts';
import { stageBands, timeAxis } from './time-axis.ts';

const bandHeight = 20;
const keyHeight = 24;
const laneHeight = 46;
const barHeight = 11;

/** A lane for each monitor that fired, had to, or would have; undefined when there is none. */
export function alarmChart(alarms: JudgedAlarms | undefined, timeline: Timeline, id = 'alarms'): Chart | undefined {
  const lanes = (alarms?.monitors ?? []).filter(
    ({ backtest, drill }) => backtest.alerts.length > 0 || drill?.mustFire || drill?.fired,
  );
  if (lanes.length === 0) return undefined;
  const title = 'Monitors over time';
  const description =
    'One lane for each monitor that fired, had to fire, or would have: above when it would have been in Alert by the record of the run, below when it was in Datadog. Stages of load are marked above.';
  const endS = Math.max(
    timeline.beginS + 1,
    timeline.durationS,
    ...lanes.flatMap(({ backtest, drill }) =>
      [...backtest.alerts, ...(drill?.alert ? [drill.alert] : [])].flatMap(ends),
    ),
  );
  const draw = (size: Size) => drawLanes(lanes, timeline, endS, { id: `${id}-${size}`, title, description, size });
  return {
    id,
    title,
    description,
    wide: draw('wide'),
    narrow: draw('narrow'),
    table: {
      columns: ['Monitor', 'By', 'Alert from', 'until'],
      rows: lanes.flatMap((lane) =>
        barsOf(lane).map(({ by, fromS, toS }) => [
          lane.key,
          by,
          formatDuration(fromS),
          toS === undefined ? 'longer than the run was watched' : formatDuration(toS),
        ]),
      ),
    },
    notes: endS > timeline.durationS ? ['The axis goes on after the load, as far as the monitors were followed.'] : [],
  };
}

function ends({ fromS, toS }: Span): number[] {
  return [toS ?? fromS];
}

type Bar = Span & { readonly by: string; readonly kind: 'would' | 'did' };

function barsOf({ backtest, drill }: JudgedAlarm): Bar[] {
  return [
    ...backtest.alerts.map((span): Bar => ({ ...span, by: 'the record', kind: 'would' })),
    ...(drill?.alert ? [{ ...drill.alert, by: 'Datadog', kind: 'did' } as const] : []),
  ];
}

function drawLanes(
  lanes: readonly JudgedAlarm[],
  timeline: Timeline,
  endS: number,
  options: { readonly id: string; readonly title: string; readonly description: string; readonly size: Size },
): string {
  const width = widths[options.size];
  const { left } = margin;
  const right = width - margin.right;
  const top = bandHeight + keyHeight;
  const plot = { left, right, top: 0, bottom: top + lanes.length * laneHeight };
  const time = scaleLinear([timeline.beginS, endS], [left, right]).clamp(true);
  const bar = ({ fromS, toS, by, kind }: Bar, key: string, y: number): string => {
    const x = time(fromS);
    return element(
      'rect',
      { x, y, width: Math.max(2, time(toS ?? endS) - x), height: barHeight, class: `alert ${kind}` },
      tooltip(
        `${key} in Alert by ${by} from ${formatDuration(fromS)} ${toS === undefined ? 'on' : `to ${formatDuration(toS)}`}`,
      ),
    );
  };
  const drawn = lanes.map((lane, index) => {
    const y = top + index * laneHeight;
    const { breachedS } = lane.drill ?? {};
    const silent = lane.drill?.mustFire && !lane.drill.fired ? ': silent though it had to fire' : '';
    return [
      rule(left, y + laneHeight - 4, right, y + laneHeight - 4, 'grid'),
      label(`${lane.key}${silent}`, { x: left, y: y + 11 }, silent === '' ? 'key' : 'key silent'),
      ...barsOf(lane).map((each) => bar(each, lane.key, y + (each.kind === 'would' ? 15 : 28))),
      breachedS === undefined
        ? ''
        : element(
            'g',
            {},
            tooltip(`${lane.key}: first sample beyond the threshold at ${formatDuration(breachedS)}`),
            rule(time(breachedS), y + 14, time(breachedS), y + laneHeight - 5, 'mark'),
          ),
    ].join('');
  });
  return picture(
    { ...options, width, height: plot.bottom + 36, className: `chart-${options.size}` },
    stageBands(timeline, time, plot, bandHeight),
    legend(left, bandHeight + 15, lanes),
    ...drawn,
    timeAxis(time, plot),
  );
}

function legend(left: number, y: number, lanes: readonly JudgedAlarm[]): string {
  const drilled = lanes.some(({ drill }) => drill !== undefined);
  const keys = [
    { kind: 'would', name: 'would have been in Alert' },
    ...(drilled ? [{ kind: 'did', name: 'was in Alert' }] : []),
  ];
  let x = left;
  const parts = keys.map(({ kind, name }) => {
    const mark = element('rect', { x, y: y - 9, width: 9, height: 9, class: `alert ${kind}` });
    const text = label(name, { x: x + 13, y }, 'key');
    x += 27 + 6.4 * name.length;
    return mark + text;
  });
  return parts.join('');
}
