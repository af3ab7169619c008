// Bytes of traffic files, in any supported format -> traffic. What a file is shows in its lines: a table has none of an access log.
import { excerpt, unclearDates } from '../../model/access-log/excerpt.ts';
import { recordsOf } from '../../model/access-log/json-document.ts';
import { createDecoder, createSplitter } from '../../model/access-log/lines.ts';
import { createLogParser, type LogOptions, type Unread } from '../../model/access-log/parse-line.ts';
import { createYearless } from '../../model/access-log/yearless.ts';
import { UserError } from '../../model/user-error.ts';
import { formatNumberOf } from '../format/format.ts';
import { countRequests } from './log-traffic.ts';
import { looksLikeTable, readTable } from './table-file.ts';
import type { Traffic } from './traffic.ts';

/** Characters; a year of minutes takes 13 million. */
const largestTable = 64 * 1024 ** 2;
const formats =
  'headroom reads the access logs of nginx, Apache, Caddy, Traefik, HAProxy, IIS and AWS, JSON lines, and CSV or JSON tables';

type TrafficReader = {
  /** Begins with the next file: its chunks follow. */
  readonly begin: (file: string) => void;
  readonly add: (bytes: Uint8Array) => void;
  /** Throws a UserError for a file that is neither an access log nor a table. */
  readonly end: () => void;
  /** Throws a UserError for files that do not go together. */
  readonly finish: () => Traffic;
};

/** Reads one file after the other, each once. `add` throws a UserError for what is no text of traffic. */
export function createTrafficReader(given: LogOptions): TrafficReader {
  const options = { yearless: createYearless(given.nowMs), ...given };
  const counted = countRequests();
  const names: string[] = [];
  const files: string[] = [];
  let current: OpenFile | undefined;
  let table: { readonly file: string; readonly traffic: Traffic } | undefined;
  let logs = 0;
  return {
    begin(file): void {
      names.push(file);
      current = openFile(file, options, counted);
    },
    add: (bytes) => current?.add(bytes),
    end(): void {
      const found = current?.end();
      if (!current || found === undefined) return;
      files.push(current.file);
      if (found === 'log') logs++;
      else if (table) throw new UserError(`${table.file} and ${current.file} are both tables: give one`);
      else table = { file: current.file, traffic: found };
    },
    finish(): Traffic {
      const [first = '', ...more] = files;
      if (files.length === 0) throw new UserError(`${names.join(', ')} is empty: provide a file with requests`);
      if (table && logs > 0)
        throw new UserError(`${table.file} is a table, and the other files are access logs: give one kind`);
      return (
        table?.traffic ??
        counted.finish(more.length === 0 ? first : `${first} and ${formatNumberOf(more.length, 'more file')}`)
      );
    },
  };
}

/** The first that is not empty, and why it is no request. */
type FirstLine = { readonly number: number; readonly line: string; readonly unread?: Unread['unread'] };

/** Comments and the names of columns say nothing about the lines below them. */
function earlier(first: FirstLine | undefined, next: FirstLine): FirstLine {
  return first === undefined || (first.unread === 'other' && next.unread !== 'other') ? next : first;
}

type OpenFile = {
  readonly file: string;
  readonly add: (bytes: Uint8Array) => void;
  /** That it is a log, or the traffic of a table; undefined for an empty file. */
  readonly end: () => 'log' | Traffic | undefined;
};

function openFile(file: string, options: LogOptions, counted: ReturnType<typeof countRequests>): OpenFile {
  const parse = createLogParser(options);
  const decoder = createDecoder();
  let [isLog, text, number] = [false, '', 0];
  let firstText: FirstLine | undefined;
  let held: (() => void)[] = [];
  const splitter = createSplitter((line) => {
    number++;
    const parsed = parse(line);
    if (!isLog && line.trim() !== '')
      firstText = earlier(firstText, { number, line, ...('unread' in parsed && { unread: parsed.unread }) });
    if (isLog) return counted.add(parsed, line);
    // Until its first request the file may be a table, which has to be complete.
    held.push(() => counted.add(parsed, line));
    if ('unread' in parsed) return;
    isLog = true;
    text = '';
    for (const addHeld of held) addHeld();
    held = [];
  });
  /** A JSON document with a list of requests. */
  const readRecords = (document: string): void => {
    const lines = recordsOf(document)?.map((each) => JSON.stringify(each)) ?? [];
    const parsed = lines.map((line) => ({ line, found: parse(line) }));
    isLog = parsed.some(({ found }) => !('unread' in found));
    if (isLog) for (const { line, found } of parsed) counted.add(found, line);
  };
  const take = (decoded: string): void => {
    if (!isLog) text += decoded;
    splitter.add(decoded);
    if (!isLog && text.length > largestTable) throw notTraffic(file, number, firstText, options.format);
  };
  return {
    file,
    add: (bytes: Uint8Array) => take(decoder.add(bytes)),
    end() {
      take(decoder.end());
      splitter.end();
      if (!isLog) readRecords(text);
      if (isLog) return 'log';
      if (firstText === undefined) return undefined;
      if (
        options.format === undefined &&
        firstText.unread !== 'undated' &&
        firstText.unread !== 'two-dates' &&
        looksLikeTable(text)
      )
        return readTable(file, text);
      throw notTraffic(file, number, firstText, options.format);
    },
  };
}

function notTraffic(file: string, lines: number, first: FirstLine | undefined, format: string | undefined): UserError {
  const place = first ? `line ${first.number}: ${excerpt(first.line)}` : '';
  const where = first ? `, the first is ${place}` : '';
  const all = `${file}: none of ${formatNumberOf(lines, 'line')}`;
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(first?.line ?? ''))
    return new UserError(`${file} is a web page or XML, perhaps that of a login. Download the log again`);
  const unclear = unclearDates(first?.unread, place);
  if (unclear) return new UserError(`${all} ${unclear}`);
  if (format !== undefined) return new UserError(`${all} has the format of --log-format${where}. Check the format`);
  return new UserError(
    `${all} could be read as a request${where}. ${formats}; describe another log with --log-format 'nginx format string'`,
  );
}
