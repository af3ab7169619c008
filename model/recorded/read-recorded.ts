// The text of a file of recorded metrics -> its metrics. The format is recognized by its content.
import { modelFinding } from '../messages.ts';
import { UserError } from '../user-error.ts';
import { readMetricData, readStatistics } from './cloudwatch.ts';
import { readCsv } from './csv.ts';
import { readPull, readQuery } from './datadog.ts';
import { finishDraft } from './finish-draft.ts';
import { isLineProtocol, readLineProtocol } from './influx.ts';
import { type JsonDocument, parseDocuments } from './json-documents.ts';
import { inMemoryUnit, memoryOf } from './memory-unit.ts';
import { readAzure, readGoogle } from './other-clouds.ts';
import { createTimeReader, type ReadTime } from './point-time.ts';
import { readRange } from './prometheus.ts';
import {
  type Draft,
  type Drafts,
  type ReadOptions,
  type RecordedFile,
  refuseOtherHost,
  sampleSecondsOf,
} from './recorded-file.ts';
import { readSadfRows } from './sadf-rows.ts';
import { readSadf, readSar } from './sysstat.ts';

/** Reads what any of the known programs wrote. Throws a UserError that names file and line for content that cannot be used. */
export function readRecorded(given: string, file: string, options: ReadOptions = {}): RecordedFile {
  const text = given.startsWith('\ufeff') ? given.slice(1) : given;
  if (text.trim() === '') throw new UserError(`${file} is empty`);
  checkKind(text, file);
  const readTime = createTimeReader(options.zone, file, text);
  const { drafts, notes = [], ...head } = readDrafts(text, file, readTime, options.host);
  const finished = joinPages(options.single === 'memory' ? memoryOf(drafts, file) : drafts)
    .filter(({ times }) => times.length > 0)
    .map((draft) => finishDraft(file, inMemoryUnit(draft, file, options), options));
  if (finished.length === 0) throw new UserError(`${file} has no points`);
  const metrics = finished.map(({ metric }) => metric);
  const sampleS = sampleSecondsOf(head.format, metrics);
  return {
    ...head,
    file,
    metrics,
    ...(sampleS !== undefined && { sampleS }),
    notes: [
      ...notes,
      ...(readTime.assumedUtc() ? [modelFinding('times-without-zone', { file })] : []),
      ...finished.flatMap((each) => each.notes),
    ],
  };
}

function readDrafts(text: string, file: string, readTime: ReadTime, host: string | undefined): Drafts {
  if (/^\s*[{[]/.test(text)) {
    let drafts: Drafts | undefined;
    // One by one: all documents of a year at once do not fit into 300 MB.
    for (const document of parseDocuments(text, file)) {
      const found = readJson(document, file, readTime, host);
      if (drafts) refuseOtherHost([drafts, found].map((each) => ({ ...each, file })));
      drafts = drafts ? appendDrafts(drafts, found) : found;
    }
    return drafts as Drafts;
  }
  const start = text.slice(0, 4000);
  const output = awsOutputs.find(([, pattern]) => pattern.test(start))?.[0];
  if (output) throw new UserError(`${file} is what aws prints with --output ${output}. Run it with --output json`);
  if (/^# hostname;interval;timestamp/m.test(start)) return readSadfRows(text, file, readTime);
  if (/^Linux \S+ \(/m.test(start)) return readSar(text, file, readTime);
  return isLineProtocol(text) ? readLineProtocol(text, file, readTime) : readCsv(text, file, readTime);
}

/** Throws a UserError for what is no text of metrics. */
function checkKind(text: string, file: string): void {
  const start = text.slice(0, 4000);
  if (start.includes('\0'))
    throw new UserError(`${file} is a binary file. Export it as text: a file of sysstat with sadf -j ${file} -- -u`);
  if (/^\s*<(!doctype html|html)/i.test(start))
    throw new UserError(`${file} is a web page, perhaps that of a login. Download the data again`);
  if (/^\s*<\?xml|^\s*<\w/.test(start)) throw new UserError(`${file} is XML. Export the metrics as JSON or CSV`);
}

/** How answers of CloudWatch look that are not JSON. */
const awsOutputs = [
  ['text', /^(DATAPOINTS|METRICDATARESULTS)\t/m],
  ['table', /^\| +GetMetric(Statistics|Data)/m],
  ['yaml', /^(Datapoints|MetricDataResults):/m],
] as const;

function appendDrafts(before: Drafts, { drafts, notes = [] }: Drafts): Drafts {
  // The next page of the one before is this document.
  const own = (before.notes ?? []).filter(({ code }) => code !== 'more-pages');
  return { ...before, drafts: [...before.drafts, ...drafts], notes: [...own, ...notes] };
}

function readJson(
  { document, text }: JsonDocument,
  file: string,
  readTime: ReadTime,
  host: string | undefined,
): Drafts {
  if (typeof document !== 'object' || document === null)
    throw new UserError(`${file} has ${JSON.stringify(document)} beside its documents. Delete it`);
  const failures = [document.errors, document.error, document.message].flat();
  const failure = failures.find((each): each is string => typeof each === 'string' && each !== '');
  if (failure !== undefined) throw new UserError(`${file} holds no metrics but an error: ${failure.slice(0, 200)}`);
  const isList = (key: string) => Array.isArray(document[key]);
  if (isList('Datapoints')) return readStatistics(text, document, file, readTime);
  if (isList('MetricDataResults')) return readMetricData(text, document, file, readTime);
  if (document.sysstat) return readSadf(text, document, file, readTime);
  if (isList('value')) return readAzure(text, document, file, readTime);
  if (isList('timeSeries')) return readGoogle(text, document, file, readTime);
  if (
    typeof document.data === 'object' &&
    document.data !== null &&
    (document.status === 'success' || 'resultType' in (document.data as object))
  )
    return readRange(text, document, file);
  const [series] = isList('series') ? (document.series as readonly object[]) : [];
  if (
    isList('series') &&
    !('host' in document) &&
    (series === undefined || typeof series !== 'object' || series === null || 'pointlist' in series)
  )
    return readQuery(text, document, file);
  if (isList('series')) return readPull(document, file, host);
  throw new UserError(
    `${file} is JSON of no known kind. headroom reads get-metric-statistics, get-metric-data, metrics pull, Datadog's query, Prometheus' query_range, sadf -j, az monitor metrics list and Google's timeSeries.list. Save others as CSV`,
  );
}

/** Pages of one metric become one metric. */
function joinPages(drafts: readonly Draft[]): Draft[] {
  const pages = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const key = `${draft.metric} ${draft.statistic} ${draft.inverted} ${draft.intervalS}`;
    pages.set(key, [...(pages.get(key) ?? []), draft]);
  }
  return [...pages.values()].map(join);
}

function join(pages: readonly Draft[]): Draft {
  const [first] = pages as readonly [Draft];
  if (pages.length === 1) return first;
  const placeOf = (index: number): string => {
    let own = index;
    for (const page of pages) {
      if (own < page.times.length) return page.placeOf(own);
      own -= page.times.length;
    }
    return `point ${index + 1}`;
  };
  return {
    ...first,
    times: pages.flatMap(({ times }) => times),
    values: pages.flatMap(({ values }) => values),
    placeOf,
  };
}
