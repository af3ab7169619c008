// Azure Monitor's `az monitor metrics list`, and Google Cloud Monitoring's `timeSeries.list`.
import type { JsonObject } from '../json-object.ts';
import { UserError } from '../user-error.ts';
import type { ReadTime } from './point-time.ts';
import { type Draft, type Drafts, lineOfText, objectsOf, type TextOf } from './recorded-file.ts';

const statistics = { average: 'avg', maximum: 'max' } as const;

/** `{value: [{name: {value: "Percentage CPU"}, timeseries: [{data: [{timeStamp, average, maximum}]}]}]}`: a time is the begin of its period. */
export function readAzure(text: TextOf, document: JsonObject, file: string, readTime: ReadTime): Drafts {
  const metrics = objectsOf(document.value, file, 'value');
  const nameOf = ({ name }: JsonObject) => String((name as JsonObject | undefined)?.value ?? name);
  const cpu = metrics.find((metric) => nameOf(metric) === 'Percentage CPU');
  if (!cpu)
    throw new UserError(`${file} has no Percentage CPU, only ${metrics.map(nameOf).join(', ') || 'an empty list'}`);
  const [series, other] = objectsOf(cpu.timeseries, file, 'timeseries');
  if (other)
    throw new UserError(`${file} has several series of Percentage CPU. Query one machine, without --dimension`);
  const all = series === undefined ? [] : objectsOf(series.data, file, 'data');
  const drafts = Object.entries(statistics).flatMap(([key, statistic]): Draft[] => {
    // A period without a sample has only its time.
    const points = all.filter((point) => typeof point[key] === 'number');
    const pairs = points.map((point) => [point.timeStamp, point[key]]);
    return pairs.length === 0 ? [] : [draftOf(pairs, { statistic, stamped: 'begin' }, text, file, readTime)];
  });
  if (drafts.length === 0)
    throw new UserError(`${file} has neither averages nor maxima. Add --aggregation Average Maximum`);
  return { format: 'azure-metrics', drafts };
}

/** `{timeSeries: [{metric: {type}, points: [{interval: {endTime}, value: {doubleValue}}]}]}`, newest first; the utilization is a share of 1. */
export function readGoogle(text: TextOf, document: JsonObject, file: string, readTime: ReadTime): Drafts {
  const all = objectsOf(document.timeSeries, file, 'timeSeries');
  const typeOf = ({ metric }: JsonObject) => String((metric as JsonObject | undefined)?.type);
  const [series, other] = all.filter((each) => typeOf(each).endsWith('instance/cpu/utilization'));
  if (!series)
    throw new UserError(
      `${file} has no compute.googleapis.com/instance/cpu/utilization, only ${[...new Set(all.map(typeOf))].join(', ') || 'an empty list'}`,
    );
  if (other)
    throw new UserError(`${file} has several series of the CPU. Filter for one: resource.labels.instance_id = "ID"`);
  const pairs = objectsOf(series.points, file, 'points').map(({ interval, value }) => {
    const { doubleValue } = (value ?? {}) as JsonObject;
    if (typeof doubleValue === 'number' && doubleValue > 1.005)
      throw new UserError(
        `${file} has a CPU utilization of ${doubleValue}: a shared-core machine that bursts is above 1 of the vCPUs that it is promised. Divide by the largest share that the machine type can burst to, and save it as CSV`,
      );
    return [
      (interval as JsonObject | undefined)?.endTime,
      typeof doubleValue === 'number' ? 100 * doubleValue : doubleValue,
    ];
  });
  return {
    format: 'google-series',
    drafts: [draftOf(pairs, { statistic: 'avg', stamped: 'end' }, text, file, readTime)],
  };
}

function draftOf(
  pairs: readonly (readonly unknown[])[],
  kind: Pick<Draft, 'statistic' | 'stamped'>,
  text: TextOf,
  file: string,
  readTime: ReadTime,
): Draft {
  const placeOf = lineOfText(text, (index) => `"${pairs[index]?.[0]}"`);
  const wrong = (index: number, what: string) => new UserError(`${file} ${placeOf(index)}: ${what}`);
  return {
    metric: 'system.cpu.idle',
    inverted: true,
    ...kind,
    times: pairs.map(([stamp], index) => {
      const ms = readTime(String(stamp), undefined);
      if (ms === undefined) throw wrong(index, `${JSON.stringify(stamp)} is not a time`);
      return ms;
    }),
    values: pairs.map(([, value], index) => {
      if (typeof value !== 'number') throw wrong(index, `${JSON.stringify(value)} is not a number`);
      return value;
    }),
    placeOf,
  };
}
