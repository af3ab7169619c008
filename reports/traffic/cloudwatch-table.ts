// What CloudWatch has of a load balancer's requests, JSON or the console's CSV -> rows of traffic.
import type { JsonObject } from '../../model/json-object.ts';
import { parseDocuments } from '../../model/recorded/json-documents.ts';
import { listOf, objectsOf } from '../../model/recorded/recorded-file.ts';
import { UserError } from '../../model/user-error.ts';
import { plainLine } from '../format/plain-text.ts';
import { isCountUnit } from './table-count.ts';
import type { Row } from './traffic-table.ts';

/** Rows that are complete: CloudWatch sends none for a time without requests. `name`: of the metric. */
export type CloudWatchRows = { readonly rows: readonly Row[]; readonly name: string };
type Series = CloudWatchRows & { readonly key: string };

/** Of all requests: ALB and ELB, API Gateway, CloudFront and App Runner, S3. A label may begin with the name of the load balancer. */
const allRequests =
  /(?:^|[\s/])(?:RequestCount|AllRequests)$|^(?:(?:all|total|http|number of|sum of) )*(?:requests?|count|request count)$/i;
const howToExport = 'Export RequestCount (API Gateway: Count, CloudFront: Requests) with the statistic Sum';

/**
 * `get-metric-statistics` and `get-metric-data`, several behind each other too; undefined for other JSON. Throws a UserError for a metric that
 * is not the number of all requests.
 */
export function rowsOfJson(file: string, text: string): CloudWatchRows | undefined {
  if (!/"(?:Datapoints|MetricDataResults|Timestamps)"\s*:\s*\[/.test(text)) return undefined;
  const documents = [...parseDocuments(text, file)].map(({ document }) =>
    // One result, as jq and --query give it.
    Array.isArray(document.Timestamps) ? { MetricDataResults: [document] } : document,
  );
  if (!documents.every(({ Label, Datapoints, MetricDataResults: all }) => all || (Label && Datapoints)))
    return undefined;
  if (documents.at(-1)?.NextToken !== undefined)
    throw new UserError(`${file} has a NextToken: its values go on in another page. Append that page to the file`);
  return onlyRequests(
    file,
    documents.flatMap((each) => (each.MetricDataResults ? seriesOfData(file, each) : seriesOfStatistics(file, each))),
  );
}

function seriesOfStatistics(file: string, { Label, Datapoints }: JsonObject): readonly Series[] {
  const name = String(Label);
  const points = objectsOf(Datapoints, file, 'Datapoints');
  const rows = points.map((point, index): Row => {
    const where = `${file}: Datapoints[${index}]`;
    if (allRequests.test(name) && point.Sum === undefined)
      throw new UserError(`${where} has no Sum of ${plainLine(name)}. Add --statistics Sum`);
    if (!isCountUnit(point.Unit))
      throw new UserError(`${where} has the unit ${plainLine(String(point.Unit))}, not Count. ${howToExport}`);
    return { where, time: point.Timestamp, requests: point.Sum };
  });
  return [{ key: name, name, rows }];
}

function seriesOfData(file: string, document: JsonObject): readonly Series[] {
  return objectsOf(document.MetricDataResults, file, 'MetricDataResults').map(
    ({ Id, Label, Timestamps, Values }, at) => {
      const field = `MetricDataResults[${at}]`;
      const [times, values] = [
        listOf(Timestamps, file, `${field}.Timestamps`),
        listOf(Values, file, `${field}.Values`),
      ];
      const rows = times.map((time, index) => ({
        where: `${file}: ${field}[${index}]`,
        time,
        requests: values[index],
      }));
      return { key: `${Id} ${Label}`, name: String(Label ?? Id), rows };
    },
  );
}

function onlyRequests(file: string, all: readonly Series[]): CloudWatchRows {
  const found = all.filter(({ name }) => allRequests.test(name.trim()));
  const [first, ...others] = found;
  const listed = (series: readonly Series[]) => [...new Set(series.map(({ name }) => plainLine(name)))].join(', ');
  if (!first)
    throw new UserError(`${file} has ${listed(all) || 'no metric'}, not the number of all requests. ${howToExport}`);
  if (others.some(({ key }) => key !== first.key))
    throw new UserError(`${file} has the requests of several (${listed(found)}). Export one, or their sum`);
  const rows = found.flatMap((each) => each.rows);
  if (rows.length === 0)
    throw new UserError(
      `${file} has no values of ${plainLine(first.name)}. Check its dimensions, the region and the times`,
    );
  if (rows.length > 9 && rows.every(({ requests }) => Number(requests) === 1))
    throw new UserError(`${file}: every value of ${plainLine(first.name)} is 1, as in its Average. ${howToExport}`);
  return { rows, name: first.name };
}

/** What the console saves, with its heading lines; undefined for another CSV. Throws as `rowsOfJson` does. */
export function rowsOfConsole(
  file: string,
  lines: readonly { readonly number: number; readonly cells: readonly string[] }[],
): CloudWatchRows | undefined {
  const begin = lines.findIndex(({ cells }) => /^\d/.test(cells[0] ?? ''));
  const headings = new Map(
    lines.slice(0, Math.max(0, begin)).map(({ cells: [name = '', ...values] }) => [name.toLowerCase(), values]),
  );
  const statistics = headings.get('statistic');
  const labels = headings.get('full label') ?? headings.get('label') ?? [];
  if (!statistics || labels.length === 0) return undefined;
  const series = labels.map((name, place): Series => {
    if (allRequests.test(name) && !/^sum$/i.test(statistics[place] ?? ''))
      throw new UserError(
        `${file} has the ${plainLine(statistics[place] ?? '')} of ${plainLine(name)}. ${howToExport}`,
      );
    const rows = lines.slice(begin).flatMap(({ number, cells }): Row[] => {
      const requests = cells[place + 1] ?? '';
      return requests === '' ? [] : [{ where: `${file} line ${number}`, time: cells[0], requests }];
    });
    return { key: `${place}`, name, rows };
  });
  return onlyRequests(file, series);
}
