// `aws cloudwatch get-metric-statistics` and `get-metric-data`. A point is stamped with the begin of its period.
import type { Finding } from '../finding.ts';
import type { JsonObject } from '../json-object.ts';
import { modelFinding } from '../messages.ts';
import { UserError } from '../user-error.ts';
import { cpuInUse, isOtherThanCpu, type NamedMetric, nameMetric } from './metric-name.ts';
import type { ReadTime } from './point-time.ts';
import { type Draft, type Drafts, lineOfText, objectsOf, type Statistic, type TextOf } from './recorded-file.ts';

const statistics = { Average: 'avg', Maximum: 'max', Minimum: 'min', Sum: 'sum' } as const;

/** `{Label, Datapoints: [{Timestamp, Average, Maximum, Unit}]}`, in any order. */
export function readStatistics(text: TextOf, document: JsonObject, file: string, readTime: ReadTime): Drafts {
  const points = objectsOf(document.Datapoints, file, 'Datapoints');
  const label = String(document.Label ?? '');
  if (points.length === 0)
    throw new UserError(
      `${file} has no Datapoints. Check the instance id, the region and the times of get-metric-statistics`,
    );
  // Points without their label: percentages are CPU, as in a table without headings.
  const { Unit: unit = 'Percent' } = points[0] as JsonObject;
  const named = nameMetric(label === '' && unit === 'Percent' ? 'CPUUtilization' : label);
  if (!named && label === '')
    throw new UserError(
      `${file} has Datapoints in ${JSON.stringify(unit)} without a Label. Give the whole answer of get-metric-statistics`,
    );
  if (!named)
    throw new UserError(`${file}: the Label "${label}" is not a metric that headroom reads. Use CPUUtilization`);
  const times = points.map((point, index) => timeOf(point.Timestamp, file, `Datapoints[${index}].Timestamp`, readTime));
  // Read again for a message: points of a year that are kept take 150 MB.
  const placeOf = lineOfText(text, (index) => `"${JSON.parse(text()).Datapoints[index].Timestamp}"`);
  const drafts = Object.entries(statistics).flatMap(([key, statistic]): Draft[] => {
    if (points[0]?.[key] === undefined || !isUsed(named, statistic)) return [];
    const values = points.map((point, index) => numberOf(point[key], file, `Datapoints[${index}].${key}`));
    return [{ metric: named.metric, statistic, stamped: 'begin', times, values, placeOf }];
  });
  if (drafts.length === 0)
    throw new UserError(
      `${file} has neither Average nor Maximum of ${label || 'CPUUtilization'}. Add --statistics Average Maximum`,
    );
  return { format: 'cloudwatch-statistics', drafts };
}

/** A sum of percentages means nothing; of credits and bytes it is what counts. */
function isUsed({ metric }: NamedMetric, statistic: Statistic): boolean {
  return statistic !== 'sum' || metric.includes('credit') || metric.startsWith('network.');
}

/** `{MetricDataResults: [{Id, Label, Timestamps, Values, StatusCode}]}`, newest first. Pages repeat an Id. */
export function readMetricData(text: TextOf, document: JsonObject, file: string, readTime: ReadTime): Drafts {
  const results = objectsOf(document.MetricDataResults, file, 'MetricDataResults').filter(
    ({ Timestamps: t }) => Array.isArray(t) && t.length > 0,
  );
  if (results.length === 0)
    throw new UserError(`${file} has no values. Check the instance id, the region and the times of get-metric-data`);
  const drafts = results.flatMap((result, index): Draft[] => {
    const named = nameResult(result, results.length === 1);
    if (!named) return [];
    const stamps = result.Timestamps as readonly unknown[];
    const found = result.Values as readonly unknown[];
    if (found?.length !== stamps.length)
      throw new UserError(
        `${file}: MetricDataResults[${index}] has ${stamps.length} Timestamps and ${found?.length ?? 0} Values`,
      );
    const at = `MetricDataResults[${index}]`;
    return [
      {
        metric: named.metric,
        statistic: named.statistic ?? 'avg',
        stamped: 'begin',
        times: stamps.map((stamp, place) => timeOf(stamp, file, `${at}.Timestamps[${place}]`, readTime)),
        values: found.map((value, place) => numberOf(value, file, `${at}.Values[${place}]`)),
        placeOf: lineOfText(text, (place) => `"${stamps[place]}"`),
        ...(named.inverted && { inverted: true }),
      },
    ];
  });
  if (drafts.length === 0) {
    const labels = results.map(({ Id, Label }) => `${Id} (${Label})`).join(', ');
    throw new UserError(
      `${file} has no Average or Maximum of CPUUtilization, only ${labels}. Name metric and statistic in the Label`,
    );
  }
  return { format: 'cloudwatch-data', drafts, notes: incomplete(document, results, file) };
}

/** By its label, else by its id; a single result without a name is the CPU. */
function nameResult({ Id, Label }: JsonObject, isOnly: boolean): NamedMetric | undefined {
  const byLabel = nameMetric(String(Label ?? ''));
  const byId = nameMetric(String(Id ?? ''));
  const isUnnamed = isOnly && ![Id, Label].some((name) => isOtherThanCpu(String(name ?? '')));
  const found = byLabel ?? byId ?? (isUnnamed ? cpuInUse : undefined);
  const statistic = byLabel?.statistic ?? byId?.statistic;
  return found && { ...found, ...(statistic && { statistic }) };
}

function incomplete({ NextToken }: JsonObject, results: readonly JsonObject[], file: string): Finding[] {
  const isPartial = results.some(({ StatusCode }) => StatusCode !== undefined && StatusCode !== 'Complete');
  return NextToken !== undefined || isPartial ? [modelFinding('more-pages', { file })] : [];
}

function timeOf(value: unknown, file: string, field: string, readTime: ReadTime): number {
  const ms = readTime(String(value), undefined);
  if (ms === undefined) throw new UserError(`${file}: ${field} ${JSON.stringify(value)} is not a time`);
  return ms;
}

function numberOf(value: unknown, file: string, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new UserError(`${file}: ${field} ${JSON.stringify(value) ?? 'is missing and'} is not a number`);
  return value;
}
