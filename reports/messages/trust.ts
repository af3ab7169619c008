// Texts of what a reader must know before they trust a figure: validity, warnings, caveats, sources of host metrics, monitors.
import { alarmValue } from '../../model/alarms.ts';
import { hostMetrics } from '../../model/metric.ts';
import { formatCount, formatDuration, formatNumberOf, formatPercent, formatValue } from '../format/format.ts';
import type { TrustFindings } from '../schema/trust-findings.ts';
import type { TextsOf } from './texts.ts';

const cutOff = {
  running: 'This run is partial',
  aborted: 'This run was aborted',
  interrupted: 'This run was interrupted',
} as const;

export const trustTexts: TextsOf<TrustFindings> = {
  'credits-ran-out': ({ stage, noneFromBegin }) =>
    `The CPU credits ${noneFromBegin ? 'were already used up' : 'ran out'} in stage ${stage}, so some figures are with credits and some at baseline performance. Use a shorter profile, or start with --credits empty`,
  'stolen-cpu-changed': ({ stage, stolenPercent, otherStage, otherPercent }) =>
    `${formatPercent(stolenPercent)} of the CPU was stolen in stage ${stage}, ${formatPercent(otherPercent)} in stage ${otherStage}: the CPU credits ran out, or another instance used the CPU`,
  'no-capacity-found': () => 'No capacity was found',
  'no-stage-completed': () => 'No measured stage completed',
  'target-died': ({ stage }) => `The target died: no request was answered from stage "${stage}" on`,
  'run-cut-off': ({ status, reason }, textOf) =>
    `${cutOff[status]}: ${reason ? textOf(reason) : 'no reason was recorded'}`,
  'host-busy-at-rest': ({ usedPercent }) =>
    `Other processes used ${formatPercent(usedPercent)} of the CPU before the load began. Rerun on an idle host`,
  'other-processes': ({ usedPercent, busiest, busiestPercent, mayBelong }) =>
    `Other processes used ${formatPercent(usedPercent)} of the CPU during the load (${busiest}: ${formatPercent(busiestPercent)}). Rerun on an idle host${mayBelong ? ', or, if they belong to the app, name the app with --app-unit or --app-pid' : ''}`,
  'core-slowed': ({ times }) =>
    `The measured core was ${times.toFixed(2)} times slower than usual, so rates are corrected by redis SETs beside each block, and their intervals are wider. Rerun on an idle machine for narrower ones`,
  'seconds-missing': ({ recordedS, loadS }) =>
    `seconds.jsonl has ${formatDuration(recordedS)} of ${formatDuration(loadS)} of load: charts, trends and comparisons show only these`,
  'no-host-metrics': () => 'Host metrics were not collected during the load, so the bottleneck is not known',
  'few-answers': ({ answers }) =>
    `The percentiles rest on ${formatNumberOf(answers, 'response')}: p99 is one of the slowest ${formatCount(Math.max(1, Math.ceil(answers / 100)))}. Run longer for a narrower interval`,
  'generator-on-same-host': () =>
    'The load generator runs on the same host as the app and uses part of its CPU: a dedicated host sustains more',

  'sources-compared': (figures) => {
    const { metric, source, reference, bias, samples, correlation } = figures;
    const size = formatValue(Math.abs(bias), hostMetrics[metric] ?? 'count');
    const distance = size === '0' ? 'equals' : `is ${size} ${bias > 0 ? 'higher' : 'lower'} than`;
    const likeness = correlation === undefined ? '' : `, correlation ${correlation.toFixed(2)}`;
    return `${metric}: the mean from ${source} ${distance} that from ${reference}, ${describeLag(figures)} (${formatNumberOf(samples, 'sample')}${likeness})`;
  },
  'monitor-silent': ({ monitor, reason }, textOf) =>
    `The monitor ${monitor} had to fire and stayed silent${reason === undefined ? '' : `: ${textOf(reason)}`}`,
  'drill-proved-nothing': () => 'The drill proved nothing: the load exceeded no threshold of a monitor',
  'monitor-worst-value': ({ value, unit }) => `Worst value: ${alarmValue(value, unit)}`,
  'backtest-offline': () =>
    'Evaluated over the recorded metrics, minute by minute as Datadog does; Datadog was not queried',
  'backtest-of-instance': ({ instanceType }) =>
    `Evaluated over the CPU and memory of the emulated ${instanceType}, minute by minute as Datadog does; Datadog was not queried`,
  'window-longer-than-run': ({ durationS, monitors }) =>
    `The run lasted ${formatDuration(durationS)}, less than the window of ${monitors.join(', ')}, which was evaluated over the run alone`,
};

/** Below this correlation the two figures move too differently for a lag to mean anything. */
const leastCorrelation = 0.5;

function describeLag({ lagS, correlation = 0 }: TrustFindings['sources-compared']): string {
  if (lagS === undefined) return 'too constant to determine a lag';
  if (correlation < leastCorrelation) return 'too different to determine a lag';
  if (lagS === 0) return 'without lag';
  return `${formatDuration(Math.abs(lagS))} ${lagS > 0 ? 'later' : 'earlier'}`;
}
