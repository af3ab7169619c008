// The text of a file of recorded metrics -> its metrics. The format is recognized by its content.
import { recordsOf } from '../access-log/json-document.ts';
import { modelFinding } from '../messages.ts';
import { UserError } from '../user-error.ts';
import { readMetricData, readStatistics } from './cloudwatch.ts';
import { readCsv } from './csv.ts';
import { readPull, readQuery } from './datadog.ts';
import { finishDraft } from './finish-draft.ts';
import { isLineProtocol, readLineProtocol } from './influx.ts';
import { type JsonDocument, parseDocuments } from './json-documents.ts';
import { knownShapes } from './json-shapes.ts';
import { tableOf } from './json-table.ts';
import { inMemoryUnit, memoryOf } from './memory-unit.ts';
import { readAzure, readGoogle } from './other-clouds.ts';
import { createTimeReader, type ReadTime } from './point-time.ts';
import { isPromtool, readPromtool, readRange } from './prometheus.ts';
import {
  type Draft,
  type Drafts,
  type ReadOptions,
  type RecordedFile,
  refuseOtherHost,
  sampleSecondsOf,
} from './recorded-file.ts';
import { readSadfRows } from './sadf-rows.ts';
import { tableOfSampler } from './samplers.ts';
import { readSadf, readSar } from './sysstat.ts';

/** Reads what any of the known programs wrote. Throws a UserError that names file and line for content that cannot be used. */
export function readRecorded(given: string, file: string, options: ReadOptions = {}): RecordedFile {
  const whole = given.startsWith('\ufeff') ? given.slice(1) : given;
  // Of Macs before 2001, and of Excel's "CSV (Macintosh)".
  const text = whole.includes('\n') ? whole : whole.replaceAll('\r', '\n');
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
  if (isPromtool(text)) return readPromtool(text, file);
  if (/^\s*[{[]/.test(text)) {
    let drafts: Drafts | undefined;
    // One by one: all documents of a year at once do not fit into 300 MB.
    for (const each of parseDocuments(text, file)) {
      const all = readShapes(each, file, readTime, host);
      if (all.length === 0) return readRows(text, file, readTime, host);
      for (const found of all) {
        if (drafts) refuseOtherHost([drafts, found].map((one) => ({ ...one, file })));
        drafts = drafts ? appendDrafts(drafts, found) : found;
      }
    }
    return drafts as Drafts;
  }
  const sampled = tableOfSampler(text, file);
  if (sampled !== undefined) {
    const { drafts, ...head } = readCsv(sampled, file, readTime);
    return { ...head, drafts: drafts.map((draft) => ({ ...draft, stamped: 'end' })) };
  }
  const start = text.slice(0, 4000);
  const output = awsOutputs.find(([, pattern]) => pattern.test(start))?.[0];
  if (output) throw new UserError(`${file} is what aws prints with --output ${output}. Run it with --output json`);
  if (/^(?:# (?:HELP|TYPE) \w+ |[a-z_:]\w*(?:\{[^}]*\})? [-+\d.eE]+$)/m.test(start) && !/\d:\d\d/.test(start))
    throw new UserError(
      `${file} is one scrape of an exporter: counters at one moment. Record a time: Prometheus' /api/v1/query_range of 100 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100`,
    );
  if (/^# hostname;interval;timestamp/m.test(start)) return readSadfRows(text, file, readTime);
  if (/^Linux \S+ \(|^\d\d:\d\d:\d\d.* CPU +%us/m.test(start)) return readSar(text, file, readTime);
  return isLineProtocol(text) ? readLineProtocol(text, file, readTime) : readCsv(text, file, readTime);
}

/** What a document holds: one answer of a program, or several, or those of its parts; nothing of a known kind. */
function readShapes(given: JsonDocument, file: string, readTime: ReadTime, host: string | undefined): Drafts[] {
  const whole = readJson(given, file, readTime, host);
  if (whole) return [whole];
  return knownShapes(given.document).flatMap(
    (document) => readJson({ document, text: given.text }, file, readTime, host) ?? [],
  );
}

/** JSON with a row for each point. */
function readRows(text: string, file: string, readTime: ReadTime, host: string | undefined): Drafts {
  const [points] = knownShapes(recordsOf(text), 0);
  const found = points && readJson({ document: points, text: () => text }, file, readTime, host);
  if (found) return found;
  const table = tableOf(text);
  if (table === undefined)
    throw new UserError(
      `${file} is JSON of an unknown kind. headroom reads get-metric-statistics, get-metric-data, metrics pull, Datadog's query, Prometheus' query_range, sadf -j, az monitor metrics list, Google's timeSeries.list, and lists of objects with a time and CPU. Save others as CSV`,
    );
  const { drafts, ...head } = readCsv(table, file, readTime);
  return { ...head, drafts: drafts.map((draft) => ({ ...draft, placeOf: (index) => `entry ${index + 1}` })) };
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
): Drafts | undefined {
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
  if ('attributes' in ((document.data ?? {}) as object))
    throw new UserError(
      `${file} is an answer of Datadog's /api/v2/query, which does not name its metrics. Use metrics pull, or /api/v1/query`,
    );
  return undefined;
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
