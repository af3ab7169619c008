// The text of a file of recorded metrics -> its metrics. The format is recognized by its content.
import { modelFinding } from '../messages.ts';
import { UserError } from '../user-error.ts';
import { readMetricData, readStatistics } from './cloudwatch.ts';
import { readCsv } from './csv.ts';
import { readPull, readQuery } from './datadog.ts';
import { finishDraft } from './finish-draft.ts';
import { memoryPercent } from './metric-name.ts';
import { createTimeReader, type ReadTime } from './point-time.ts';
import { readRange } from './prometheus.ts';
import type { Draft, Drafts, Json, ReadOptions, RecordedFile } from './recorded-file.ts';
import { readSadf, readSar } from './sysstat.ts';

/** Reads what any of the known programs wrote. Throws a UserError that names file and line for content that cannot be used. */
export function readRecorded(text: string, file: string, options: ReadOptions = {}): RecordedFile {
  if (text.trim() === '') throw new UserError(`${file} is empty`);
  const readTime = createTimeReader(options.zone, file);
  const { drafts, notes = [], ...head } = readDrafts(text, file, readTime, options.host);
  const finished = joinPages(options.single === 'memory' ? memoryOf(drafts, file) : drafts)
    .filter(({ times }) => times.length > 0)
    .map((draft) => finishDraft(file, draft, options));
  if (finished.length === 0) throw new UserError(`${file} has no points`);
  return {
    ...head,
    file,
    metrics: finished.map(({ metric }) => metric),
    notes: [
      ...notes,
      ...(readTime.assumedUtc() ? [modelFinding('times-without-zone', { file })] : []),
      ...finished.flatMap((each) => each.notes),
    ],
  };
}

/** Only the memory of a file; a series without a name is one of it, in percent or in bytes. */
function memoryOf(drafts: readonly Draft[], file: string): Draft[] {
  const memory = drafts.flatMap(({ inverted, unitUnknown: _, ...draft }): Draft[] => {
    if (/^(system\.mem|memory)\./.test(draft.metric)) return [draft];
    if (!inverted) return [];
    const isPercent = draft.values.every((value) => value <= 100);
    return [{ ...draft, metric: isPercent ? memoryPercent : 'system.mem.used' }];
  });
  if (memory.length > 0) return memory;
  throw new UserError(`${file} has no use of memory, only ${drafts.map(({ metric }) => metric).join(', ')}`);
}

function readDrafts(text: string, file: string, readTime: ReadTime, host: string | undefined): Drafts {
  if (/^\s*[{[]/.test(text)) return readJson(text, file, readTime, host);
  return /^Linux \S+ \(/m.test(text.slice(0, 2000)) ? readSar(text, file, readTime) : readCsv(text, file, readTime);
}

function readJson(text: string, file: string, readTime: ReadTime, host: string | undefined): Drafts {
  const document = parseJson(text, file) as Json;
  const [failure] = [document.errors, document.error, document.message].flat();
  if (typeof failure === 'string' && failure !== '')
    throw new UserError(`${file} holds no metrics but an error: ${failure.slice(0, 200)}`);
  const isList = (key: string) => Array.isArray(document[key]);
  if (isList('Datapoints')) return readStatistics(text, document, file, readTime);
  if (isList('MetricDataResults')) return readMetricData(text, document, file, readTime);
  if (document.sysstat) return readSadf(text, document, file, readTime);
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
    `${file} is JSON of no known kind. headroom reads get-metric-statistics, get-metric-data, metrics pull, Datadog's query, Prometheus' query_range and sadf -j`,
  );
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const [, position] = /position (\d+)/.exec((cause as Error).message) ?? [];
    const line = text.slice(0, Number(position ?? text.length)).split('\n').length;
    throw new UserError(`${file} line ${line} is not JSON: the file is damaged or cut off`, { cause });
  }
}

/** Pages of one metric become one metric. */
function joinPages(drafts: readonly Draft[]): Draft[] {
  const joined = new Map<string, Draft>();
  for (const draft of drafts) {
    const key = `${draft.metric} ${draft.statistic} ${draft.inverted} ${draft.intervalS}`;
    const before = joined.get(key);
    joined.set(key, before ? join(before, draft) : draft);
  }
  return [...joined.values()];
}

function join(before: Draft, after: Draft): Draft {
  const count = before.times.length;
  return {
    ...before,
    times: [...before.times, ...after.times],
    values: [...before.values, ...after.values],
    placeOf: (index) => (index < count ? before.placeOf(index) : after.placeOf(index - count)),
  };
}
