// One line of an access log of any format. What a format keeps between lines (columns, halves of lines) is kept here.
import { createAlikeReader } from './alike-line.ts';
import { countOf, createColumnReader } from './column-line.ts';
import { createNumberedReader, type FindTime, findMoment, type NumberedReader } from './find-moment.ts';
import type { Fields } from './flat-record.ts';
import { compileFormat } from './given-format.ts';
import { type ReadRecord, readFields, readLabelled, readPairs } from './json-line.ts';
import { longestLine } from './lines.ts';
import type { LogLine } from './log-line.ts';
import { type LogTime, zonedBy } from './moment.ts';
import { takePrefix } from './prefix.ts';
import { readProxyLine } from './proxy-line.ts';
import { createClfLineReader, createFastReader, isOtherText, looksLikeRequest, readTextLine } from './text-line.ts';
import { createW3cReader } from './w3c.ts';
import { createYearless, type Yearless } from './yearless.ts';

/**
 * A line that is no request. `other`: it need not be one (a comment, an error, a record of something else); `unknown`: nothing in it says
 * what it is; `undated`: it was one, without a date; `two-dates`: its date can be read in two ways; `broken`: it was one, and cannot be read.
 */
export type Unread = {
  readonly unread: 'other' | 'unknown' | 'undated' | 'two-dates' | 'broken';
  readonly source: string;
};

export type LogOptions = {
  /** The time now, ms: gives syslog its year. */
  readonly nowMs: number;
  /** Of all files of a log, where there are several. */
  readonly yearless?: Yearless;
  /** nginx's log_format, where the user gives one: other formats are not tried then. */
  readonly format?: string | undefined;
};

/** Formats whose lines may have no time of their own. */
const datedByPrefix: readonly LogLine['format'][] = ['text', 'json', 'key-value'];
/** Whether it is only the date that a line lacks. */
const anyMoment: LogTime = { atMs: 0, zone: 'none' };
const repeatedBy = /^(?:last )?message repeated (\d+) times(?:: \[ ?(.*)\]$|$)/;

type ReadText = (text: string, moment: LogTime | undefined) => ReadRecord | undefined;

/** Returns a parser of the lines of one file, in their order. Throws a UserError for a format that cannot be used. */
export function createLogParser({
  nowMs,
  format,
  yearless = createYearless(nowMs),
}: LogOptions): (line: string) => LogLine | Unread {
  const readGiven = format === undefined ? undefined : compileFormat(format);
  const readFast = createFastReader();
  const alike = createAlikeReader();
  const readW3c = createW3cReader();
  const readColumns = createColumnReader();
  const readNumbered = createNumberedReader();
  const readText = createTextReader(yearless, readGiven, (text) => dateOf(readNumbered(text)));
  const readPrefixed = createPrefixedReader(readText, yearless, readNumbered);
  let previous: LogLine | undefined;

  return (line) => {
    const isRecord = line.startsWith('{');
    const plain = readGiven ? undefined : isRecord ? alike.read(line) : readFast(line);
    if (plain) {
      previous = plain;
      return plain;
    }
    if (line.trim() === '') return { unread: 'other', source: '' };
    const columns = readGiven || isRecord ? undefined : readW3c(line);
    if (columns === 'directive') return { unread: 'other', source: '' };
    // A classic load balancer's time stands where collectors put theirs.
    const balanced = readGiven || line[10] !== 'T' ? undefined : readProxyLine(line);
    const row = readGiven || isRecord ? undefined : readColumns(line, previous === undefined);
    if (row === 'names') return { unread: 'other', source: '' };
    const whole =
      columns ??
      readGiven?.(line) ??
      (balanced?.format === 'load-balancer' ? balanced : undefined) ??
      (row && readRow(row));
    const found = whole ?? readPrefixed(line, previous);
    if (!('unread' in found)) {
      previous = found;
      if (isRecord && !readGiven) alike.learn(line, found);
    }
    return found;
  };
}

/** Reads what follows the prefix of a collector. `moment`: that of the prefix. */
function createTextReader(
  yearless: Yearless,
  readGiven: ((text: string) => ReadRecord | undefined) | undefined,
  findNumbered: FindTime,
): ReadText {
  const readClf = createClfLineReader();
  const findTime: FindTime = (text) => findMoment(text) ?? findNumbered(text);
  const readRecord: ReadText = (text, moment) => {
    const begin = text.indexOf('{');
    const end = text.lastIndexOf('}');
    if (begin < 0 || end < begin || begin > 200) return undefined;
    try {
      const fields = JSON.parse(text.slice(begin, end + 1)) as Record<string, unknown>;
      const prefix = moment ?? momentOf(findTime(text.slice(0, begin)));
      const found = readFields(fields, prefix, 'json', readInner);
      const numbered = found === 'broken' && prefix === undefined ? momentOf(findNumbered(text)) : undefined;
      return numbered ? readFields(fields, numbered, 'json', readInner) : found;
    } catch {
      // Text with braces in it.
      return undefined;
    }
  };
  const readOne: ReadText = (text, moment) => {
    if (readGiven) return readGiven(text);
    const found = text.startsWith('{') ? undefined : (readClf(text) ?? readProxyLine(text));
    if (found) return found;
    const record = readRecord(text, moment);
    if (record && (record !== 'other' || text.startsWith('{'))) return record;
    const pairs = readLabelled(text) ?? readPairs(text);
    const time = moment ?? momentOf(findTime(text));
    return readTextLine(text, moment, findTime) ?? (pairs && readFields(pairs, time, 'key-value', () => undefined));
  };
  const readZoned: ReadText = (text, moment) => {
    const found = readOne(text, moment);
    return typeof found === 'object' ? zonedBy(found, moment) : found;
  };
  const readInner = (line: string, moment: LogTime | undefined): LogLine | undefined => {
    const { text, moment: own } = takePrefix(line, yearless);
    const found = readZoned(text, own ?? moment);
    return typeof found === 'object' ? found : undefined;
  };
  return readZoned;
}

/** Reads a line with the prefix of a collector, if any. `previous`: the last line that was read. */
function createPrefixedReader(readText: ReadText, yearless: Yearless, readNumbered: NumberedReader) {
  const halves = new Map<string, string>();
  return (line: string, previous: LogLine | undefined): LogLine | Unread => {
    const { source, moment, isYearAssumed, isPartial, ...prefixed } = takePrefix(line, yearless);
    const text = (halves.get(source) ?? '') + prefixed.text;
    if (isPartial) {
      halves.set(source, text.slice(0, longestLine));
      return { unread: 'other', source };
    }
    halves.delete(source);
    const [, times, inner] = repeatedBy.exec(text) ?? [];
    const found = times !== undefined && inner === undefined ? previous : readText(inner ?? text, moment);
    if (typeof found === 'object') {
      if (source === '' && times === undefined && !isYearAssumed) return found;
      const isPrefixTime = isYearAssumed && datedByPrefix.includes(found.format) && found.atMs === moment?.atMs;
      const repeated = times === undefined ? {} : { requests: Number(times) };
      return { ...found, ...repeated, ...(source !== '' && { source }), ...(isPrefixTime && withYear(yearless)) };
    }
    if (found !== 'broken' && isOtherText(text)) return { unread: 'other', source };
    const isDated = moment !== undefined || typeof readText(text, anyMoment) !== 'object';
    if (!isDated) return { unread: readNumbered(text) === 'two-dates' ? 'two-dates' : 'undated', source };
    if (found === 'broken' || looksLikeRequest(text)) return { unread: 'broken', source };
    return { unread: found ?? (text.trim() === '' ? 'other' : 'unknown'), source };
  };
}

function readRow(row: Fields): LogLine | undefined {
  const found = readFields(row, undefined, 'text', () => undefined);
  const requests = countOf(row);
  if (typeof found !== 'object' || Number.isNaN(requests)) return undefined;
  return requests === 1 ? found : { ...found, requests, isSum: true };
}

function withYear(yearless: Yearless): Pick<LogLine, 'isYearAssumed' | 'yearsLate'> {
  const yearsLate = yearless.takeYearsLate();
  return { isYearAssumed: true, ...(yearsLate > 0 && { yearsLate }) };
}

function momentOf(found: ReturnType<FindTime>): LogTime | undefined {
  return found === 'impossible' ? undefined : found;
}

/** A collector may have said when it was. */
function dateOf(found: ReturnType<NumberedReader>): LogTime | 'impossible' | undefined {
  return found === 'two-dates' ? undefined : found;
}
