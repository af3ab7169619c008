// The monitors on the time axis of the run: when each would have been in Alert, and when it was.
import { formatDuration } from '../format/format.ts';
import type { JudgedAlarm, Span } from '../schema/judged-alarms.ts';
import { bandsOf } from './drawing/bands.ts';
import type { RunChart } from './drawing/chart.ts';
import { type Frame, keysHeight, panelTitle } from './drawing/panel.ts';
import { type Panel, plotChart, type Scale } from './drawing/plot.ts';
import { element, label, rule, tooltip } from './drawing/svg.ts';
import { timeAxis } from './drawing/time-axis.ts';

const laneHeight = 46;
const barHeight = 11;

type Bar = Span & { readonly source: 'backtest' | 'Datadog' };
/** Classes of the style sheet. */
const kinds = { backtest: 'would', Datadog: 'did' } as const;

/** A lane for each monitor that fired, was expected to, or would have. */
export const alarmChart: RunChart = {
  id: 'alarms',
  section: 'alarms',
  draw: ({ judged, timeline }, id) => {
    const lanes = (judged?.alarms?.monitors ?? []).filter(
      ({ backtest, drill }) => backtest.alerts.length > 0 || drill?.mustFire || drill?.fired,
    );
    if (lanes.length === 0) return undefined;
    const ends = lanes.flatMap(barsOf).map(({ fromS, toS }) => toS ?? fromS);
    const endS = Math.max(timeline.beginS + 1, timeline.durationS, ...ends);
    return plotChart({
      id,
      title: 'Monitors over time',
      description:
        'One lane for each monitor that fired, was expected to fire, or would have fired. Upper bar: in Alert by the backtest of the recorded metrics. Lower bar: in Alert in Datadog. Load stages are marked above.',
      panels: [lanePanel(lanes, endS)],
      x: timeAxis(timeline.beginS, endS),
      bands: bandsOf(timeline),
      table: {
        columns: ['Monitor', 'Source', 'Alert from', 'Alert until'],
        rows: lanes.flatMap((lane) =>
          barsOf(lane).map(({ source, fromS, toS }) => [
            lane.key,
            source,
            formatDuration(fromS),
            toS === undefined ? 'end of observation' : formatDuration(toS),
          ]),
        ),
      },
      notes:
        endS > timeline.durationS ? ['The time axis continues after the load until the monitors were last read.'] : [],
    });
  },
};

function barsOf({ backtest, drill }: JudgedAlarm): Bar[] {
  return [
    ...backtest.alerts.map((span): Bar => ({ ...span, source: 'backtest' })),
    ...(drill?.alert ? [{ ...drill.alert, source: 'Datadog' } as const] : []),
  ];
}

function lanePanel(lanes: readonly JudgedAlarm[], endS: number): Panel {
  const drilled = lanes.some(({ drill }) => drill !== undefined);
  const keys = [
    { name: 'in Alert by the backtest', className: `alert ${kinds.backtest}`, shape: 'area' as const },
    ...(drilled ? [{ name: 'in Datadog', className: `alert ${kinds.Datadog}`, shape: 'area' as const }] : []),
  ];
  return {
    height: lanes.length * laneHeight,
    xs: [endS],
    head: (frame) => keysHeight(frame, '', keys),
    draw: (frame, x) =>
      [
        panelTitle(frame, '', keys),
        ...lanes.map((lane, index) => drawLane(lane, frame.top + index * laneHeight, x, frame, endS)),
      ].join(''),
  };
}

function drawLane(lane: JudgedAlarm, y: number, x: Scale, { left, right }: Frame, endS: number): string {
  const { key, drill } = lane;
  const silent = drill?.mustFire && !drill.fired;
  const bars = barsOf(lane).map(({ source, fromS, toS }) =>
    element(
      'rect',
      {
        x: x(fromS),
        y: y + (source === 'backtest' ? 15 : 28),
        width: Math.max(2, x(toS ?? endS) - x(fromS)),
        height: barHeight,
        class: `alert ${kinds[source]}`,
      },
      tooltip(
        `${key} in Alert (${source}) from ${formatDuration(fromS)} to ${toS === undefined ? 'the end' : formatDuration(toS)}`,
      ),
    ),
  );
  const breachedS = drill?.breachedS;
  return [
    rule(left, y + laneHeight - 4, right, y + laneHeight - 4, 'grid'),
    label(silent ? `${key}: expected to fire, did not` : key, { x: left, y: y + 11 }, silent ? 'key silent' : 'key'),
    ...bars,
    breachedS === undefined
      ? ''
      : element(
          'g',
          {},
          tooltip(`${key}: first sample beyond the threshold at ${formatDuration(breachedS)}`),
          rule(x(breachedS), y + 14, x(breachedS), y + laneHeight - 5, 'mark'),
        ),
  ].join('');
}
