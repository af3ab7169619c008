// Texts of what monitors, their backtest and drill, and the ways to Datadog find out.
import { alarmValue } from '../model/alarms.ts';
import { commandLine, type Invocation } from '../model/command-line.ts';
import { findingMaker } from '../model/finding.ts';

const short = (value: number): number => Number(value.toPrecision(4));

const statisticWords: Readonly<Record<string, string>> = { avg: 'mean', max: 'maximum', min: 'minimum', sum: 'sum' };

type WindowValue = {
  readonly aggregation: string;
  readonly windowS: number;
  readonly value: number;
  readonly unit?: string;
  /** How long before the evaluation the window ended. */
  readonly evaluationDelayS?: number;
};
type Crossing = WindowValue & { readonly comparator: string; readonly limit: number };

function windowText({ aggregation, windowS, value, unit, limit }: WindowValue & { readonly limit?: number }): string {
  return `${aggregation} over ${windowS / 60} min is ${alarmValue(value, unit, limit)}`;
}

function delayText({ evaluationDelayS = 0 }: WindowValue): string {
  return evaluationDelayS > 0 ? ` (evaluation delay: ${evaluationDelayS / 60} min)` : '';
}

const comparators: Readonly<Record<string, string>> = { '>=': 'at least', '>': 'above', '<=': 'at most', '<': 'below' };

function limitText({ comparator, limit }: Crossing): string {
  return `${comparators[comparator] ?? comparator} ${limit}`;
}

function applyLine({ host, invocation }: { readonly host: string; readonly invocation: Invocation }): string {
  return commandLine(invocation, 'monitors', ['apply', '--host', host]);
}

export const monitorFinding = findingMaker({
  // Why a backtest changes a monitor's state.
  'window-empty': () => 'The window contains no data points',
  'data-again': (given: WindowValue) => `Data has resumed: ${windowText(given)}${delayText(given)}`,
  'threshold-crossed': (given: Crossing) => `${windowText(given)}, ${limitText(given)}${delayText(given)}`,
  'threshold-no-longer-crossed': (given: Crossing) =>
    `${windowText(given)}, no longer ${limitText(given)}${delayText(given)}`,

  // Why a backtest could not evaluate a monitor.
  'datadog-only': ({ name }: { name: string }) => `Only Datadog can evaluate ${name}`,
  'metric-type-unknown': ({ name, metric }: { name: string; metric: string }) =>
    `Only Datadog can evaluate ${name} on ${metric}: it depends on whether the metric is a COUNT, a RATE or a GAUGE, which is not recorded`,
  'statistic-not-recorded': (given: { metric: string; statistic: string; wanted: string; intervalS: number }) =>
    `${given.metric} was recorded as the ${statisticWords[given.statistic]} of ${given.intervalS} s; the query needs the ${statisticWords[given.wanted]}. Pull it as ${given.wanted}:${given.metric}{...}.rollup(${given.wanted}, ${given.intervalS})`,
  'sum-of-coarse-points': ({ metric, intervalS }: { metric: string; intervalS: number }) =>
    `${metric} was recorded every ${intervalS} s: a sum or count depends on how many points Datadog has (one every 15 s)`,
  'roll-up-between-points': (given: { metric: string; intervalS: number; rollupS: number }) =>
    `${given.metric} was recorded every ${given.intervalS} s, of which a roll-up of ${given.rollupS} s is no multiple`,
  'window-below-interval': ({ metric, intervalS, windowS }: { metric: string; intervalS: number; windowS: number }) =>
    `${metric} was recorded every ${intervalS} s, which is longer than the window (${windowS} s)`,
  'intervals-differ': ({ shortest, longest }: { shortest: number; longest: number }) =>
    `Only Datadog can evaluate arithmetic on points of ${shortest} s and of ${longest} s: it interpolates between them. Give all series the same roll-up`,
  'gaps-differ': ({ metrics }: { metrics: readonly string[] }) =>
    `Only Datadog can evaluate arithmetic on ${metrics.join(' and ')}: one has gaps where another has points, and it interpolates`,
  'shift-between-points': ({ kind, shiftS, intervalS }: { kind: string; shiftS: number; intervalS: number }) =>
    `Only Datadog can evaluate ${kind}() over ${shiftS} s on points of ${intervalS} s: no point lies so long before another`,
  'record-below-shift': ({ kind, shiftS, recordedS }: { kind: string; shiftS: number; recordedS: number }) =>
    `${kind}() looks ${shiftS} s back, and the record has only ${recordedS} s`,
  'group-not-recorded': ({ metric, key }: { metric: string; key: string }) =>
    `${metric} was recorded without the tag ${key}, by which the query is grouped`,
  'metric-not-recorded': ({ metric }: { metric: string }) => `${metric} was not recorded`,
  'tags-not-recorded': ({ metric, recorded, wanted }: { metric: string; recorded: string; wanted: string }) =>
    `${metric} was recorded for ${recorded}, not for ${wanted}`,
  'no-complete-window': () => 'No window contains a point of every series in the query',

  // What a backtest cannot see.
  'peaks-averaged': ({ key, metric, intervalS }: { key: string; metric: string; intervalS: number }) =>
    `${key}: ${metric} was recorded as means of ${intervalS} s, which hide shorter peaks: Datadog may alert where this is silent`,

  'other-hosts-unseen': ({ key, scope }: { key: string; scope: string }) =>
    `${key}: {${scope}} also selects hosts that are not in the record; Datadog's value is that of all of them`,

  'record-below-window': ({ key, windowS, recordedS }: { key: string; windowS: number; recordedS: number }) =>
    `${key}: the record has ${Math.round(recordedS / 60)} min, its window ${windowS / 60} min; Datadog also looks at the points before`,

  // What Datadog accepts in a definition and leaves empty, or may refuse.
  'function-unknown': ({ file, name }: { file: string; name: string }) =>
    `${file}, series: ${name}() is not a function that Datadog documents`,
  'message-variable-empty': ({ file, field, why }: { file: string; field: string; why: string }) =>
    `${file}, ${field}: ${why}`,

  // What an export leaves out.
  'no-prometheus-rule': ({ key, why }: { key: string; why: string }) => `${key} has no rule in Prometheus: ${why}`,

  // Why a sweep gives no threshold.
  'no-breach-known': () => 'The record contains no time of saturation',
  'no-order': ({ comparator }: { comparator: string }) => `Thresholds cannot be compared under ${comparator}`,
  'breach-without-data': () => 'No evaluation during a breach has data',
  'no-threshold-separates': ({ quiet, breach }: { quiet: number; breach: number }) =>
    `Outside the breaches the value reached ${short(quiet)}, within them only ${short(breach)}: no threshold separates them`,

  // Why a monitor of a drill stayed silent, or did not behave as expected.
  'alerting-before-drill': () => 'The monitor was in Alert before the drill began, and stayed there',
  'fired-before-breach': ({ earlyS }: { earlyS: number }) =>
    `The monitor fired ${Math.round(earlyS)} s before the first recorded sample beyond the threshold: Datadog received other samples, or the clocks differ`,
  'recovered-before-breach-ended': ({ earlyS }: { earlyS: number }) =>
    `The monitor recovered ${Math.round(earlyS)} s before the last recorded sample beyond the threshold: Datadog received other samples, or the clocks differ`,
  'monitor-missing': (about: { host: string; invocation: Invocation }) =>
    `Datadog does not have this monitor. Create it: ${applyLine(about)}`,
  muted: () => 'The monitor is muted by a downtime',
  'query-differs': ({ stored, ...about }: { stored: string; host: string; invocation: Invocation }) =>
    `The query in Datadog differs: ${stored}. Restore it: ${applyLine(about)}`,
  'evaluated-late': () => 'Datadog has the points, but did not evaluate them in time. Run a longer drill (--minutes)',
  'window-too-long': (given: { worstPoint: number; worstWindow: number | undefined; critical: number }) =>
    `The window is too long: single points reached ${short(given.worstPoint)}, ${given.worstWindow === undefined ? 'but no whole window has data' : `but the window as a whole only ${short(given.worstWindow)}`} (critical: ${given.critical})`,
  'threshold-too-high': (given: { worst: number | undefined; measured: number | undefined; critical: number }) =>
    `The threshold was not crossed: the worst value in Datadog is ${given.worst === undefined ? 'not known' : short(given.worst)}${given.measured === undefined ? '' : `, though ${short(given.measured)} was measured on the host`} (critical: ${given.critical})`,
  'metric-not-sent': ({ metric }: { metric: string }) => `No data: no host sends ${metric} to Datadog`,
  'wrong-host-tag': ({ metric, found, wanted }: { metric: string; found: readonly string[]; wanted: string }) =>
    `Wrong host tag: Datadog has ${metric} for ${found.join(', ')}, not for ${wanted}`,
  'reason-unknown': ({ cause }: { cause: string }) => `The reason is unknown: ${cause}`,

  // What went wrong with a whole drill.
  'look-failed': ({ at, cause }: { at: string; cause: string }) =>
    `Monitor states could not be read at ${at}: ${cause}`,
  'load-failed': ({ cause }: { cause: string }) => `The load failed: ${cause}`,
  'drill-stopped': () => 'The drill was stopped early: which monitors had to fire was not judged',
  'drill-failed': ({ cause }: { cause: string }) => `The drill failed: ${cause}`,

  // Why figures of the host are missing in Datadog.
  'metrics-not-sent': () =>
    'These metrics have no data points in the window. Check that their integration is installed',
  'host-sent-nothing': ({ host }: { host: string }) =>
    `${host} sent nothing in the window. Check that the Datadog agent was running`,
  'host-unknown': ({ host, near }: { host: string; near: readonly string[] }) =>
    `Datadog does not know the host ${host}. ${near.length === 0 ? 'Check --host' : `Did you mean ${near.join(' or ')}?`}`,
  'no-host-figures': ({ cause }: { cause: string }) => `Datadog returned no host metrics: ${cause}`,
  'pull-stopped': () => 'Host metrics were not pulled from Datadog: the run was stopped first',

  // What --publish could not send.
  'points-too-old': () => 'Metrics older than an hour were not published: Datadog drops them',
  'not-published': ({ to, cause }: { to: string; cause: string }) => `Not published to ${to}: ${cause}`,
});
