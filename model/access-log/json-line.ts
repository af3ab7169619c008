// Records of a request: JSON lines of servers, proxies, clouds and collectors, and lines of key=value pairs or labelled cells.
import { findMoment } from './find-moment.ts';
import { type Fields, type FlatRecord, flattenRecord } from './flat-record.ts';
import type { LogFormat, LogLine } from './log-line.ts';
import type { LogTime } from './moment.ts';
import { caddyErrors, momentOf, requestAt, sentText, statusNames, statusOf, timeNames } from './record-request.ts';

/** Where collectors put the line that they collected. */
const lineNames = 'log message msg line event.original commonlog textpayload raw shortmessage'
  .split(' ')
  .map((name) => [name]);
/** Only the record of an answer has a status and one of these. */
const answerKeys = /^res$|responseTime|reqId|request_time|remote_(?:addr|ip)|client_?ip|bytes_sent|user_?agent/i;
/** A record without one may be that of a request which the app sent. */
const clientKeys =
  /"[^"]*(?:remote|client|forwarded|user[_-]?agent|referr?er|(?:source|src|peer|real)[_.-]?(?:ip|addr))[^"]*":/i;

/** journald has the bytes of a line that is not plain text. */
function lineOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.length > 10 ? value : undefined;
  const isBytes = Array.isArray(value) && value.length > 10 && value.every((each) => Number.isInteger(each));
  return isBytes ? Buffer.from(value as number[]).toString() : undefined;
}

function momentAt(fields: Fields, record: FlatRecord): LogTime | 'impossible' | undefined {
  const found = record.find(timeNames, momentOf);
  if (found) return found;
  const { date, time } = fields;
  if (typeof date === 'string' && typeof time === 'string') return findMoment(`${date} ${time}`);
  for (const value of Object.values(fields)) {
    const other = typeof value === 'string' && value.length < 40 ? momentOf(value) : undefined;
    if (other) return other;
  }
  return undefined;
}

/** `other`: a record that is not about a request; `broken`: one that is, without a time or a status. */
export type ReadRecord = LogLine | 'other' | 'broken';

/**
 * Reads the record of one request. A line that a collector wrapped is read by `readInner`. A record without a time gets that of the prefix.
 */
export function readFields(
  fields: Fields,
  prefix: LogTime | undefined,
  format: LogFormat,
  readInner: (line: string, moment: LogTime | undefined) => LogLine | undefined,
): ReadRecord {
  const record = flattenRecord(fields);
  const found = momentAt(fields, record) ?? prefix;
  const moment = found === 'impossible' ? undefined : found;
  const status = record.find(statusNames, statusOf);
  const request = requestAt(record, fields.request);
  if (request !== undefined && status !== undefined) {
    if (sentText.test(`${fields.msg ?? fields.message ?? ''}`) || caddyErrors.test(`${fields.logger}`)) return 'other';
    const isSent = /^\S+ [a-z][a-z0-9+.-]*:\/\//i.test(request) && !clientKeys.test(JSON.stringify(fields));
    if (!moment) return 'broken';
    // Spread, it would take a quarter of the time of a line.
    const line = { atMs: moment.atMs, zone: moment.zone, format, request, status };
    return isSent ? { ...line, isPerhapsSent: true } : line;
  }
  if (request !== undefined && typeof fields.action === 'string' && 'httpRequest' in fields)
    return readFirewall(fields.action, moment && { ...moment, format, request });
  for (const name of lineNames) {
    const line = record.find(name, lineOf);
    const inner = line === undefined ? undefined : readInner(line.trimEnd(), moment);
    if (inner) return inner;
  }
  // pino and Fastify log the request when it comes and the answer, with its status, when it ends.
  if (status !== undefined && status > 0 && Object.keys(fields).some((key) => answerKeys.test(key)))
    return moment ? { ...moment, format, status } : 'broken';
  if ('req' in fields || request === undefined) return 'other';
  return request.includes(' ') ? 'broken' : 'other';
}

/** AWS WAF has no status, and what it does with a request: the app does not see one that is blocked or challenged. */
function readFirewall(action: string, line: LogLine | undefined): ReadRecord {
  return /^(?:ALLOW|COUNT)$/i.test(action) ? (line ?? 'broken') : 'other';
}

const pair = /([\w.@-]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g;

/** The pairs of a line like `method=GET path="/a" status=200`; undefined for a line that does not have these. */
export function readPairs(text: string): Fields | undefined {
  if (!/(?:status|code)=/i.test(text) || !/(?:method|verb)=/i.test(text)) return undefined;
  return Object.fromEntries([...text.matchAll(pair)].map(([, key = '', inQuotes, bare]) => [key, inQuotes ?? bare]));
}

/** The cells of a line like `status:200<tab>uri:/a`. http://ltsv.org */
export function readLabelled(text: string): Fields | undefined {
  const cells = text.includes('\t') ? text.split('\t') : [];
  if (cells.length < 3 || !cells.every((cell) => /^[\w.-]+:/.test(cell))) return undefined;
  return Object.fromEntries(cells.map((cell) => [cell.slice(0, cell.indexOf(':')), cell.slice(cell.indexOf(':') + 1)]));
}
