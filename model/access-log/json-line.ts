// Records of a request: JSON lines of servers, proxies, clouds and collectors, and lines of key=value pairs or labelled cells.
import { epochMoment, findMoment } from './find-moment.ts';
import { type Fields, type FlatRecord, flattenRecord, placesOf, plainName, recordOf } from './flat-record.ts';
import type { LogFormat, LogLine } from './log-line.ts';
import type { LogTime } from './moment.ts';
import { layoutOf, type RecordLayout, valuesIn } from './record-layout.ts';

/** In this order: of a record with several times the begin of the request counts. */
const timeNames = (
  'timelocal timeiso8601 startutc startlocal starttime startedat requesttime requesttimeepoch reqtimesec edgestarttimestamp ' +
  'timestamp timestampms time ts msec datetime eventtime event.time timegenerated date t at ' +
  'realtimetimestamp sourcerealtimetimestamp ingestiontime'
).split(' ');
const statusNames = (
  'status statuscode httpstatus httpstatuscode responsecode responsestatus responsestatuscode downstreamstatus originstatus ' +
  'edgeresponsestatus elbstatuscode scstatus response.code http.code res.code code'
).split(' ');
const methodNames =
  'requestmethod reqmethod clientrequestmethod csmethod httpmethod httprequestmethod method verb httpverb'.split(' ');
const pathNames = (
  'requesturi clientrequesturi csuristem url.original requesturl originalurl uri url requestpath reqpath httppath httpurl ' +
  'httptarget url.path request.path path routekey resourcepath'
).split(' ');
const queryNames = 'querystring querystr csuriquery requestquery url.query args query'.split(' ');
const requestNames = 'request requestline httprequest req'.split(' ');
const messageNames = ['msg', 'message'];
const loggerNames = ['logger'];
const columnNames = { method: methodNames, path: pathNames, status: statusNames } as const;

/** Whether a name is one of those that programs have for it. */
export function isName(kind: keyof typeof columnNames, name: string): boolean {
  return columnNames[kind].includes(plainName(name));
}

/** Where collectors put the line that they collected. */
const lineNames = 'log message msg line event.original commonlog textpayload raw shortmessage'
  .split(' ')
  .map((name) => [name]);
/** Only the record of an answer has a status and one of these. */
const answerKeys = /^res$|responseTime|reqId|request_time|remote_(?:addr|ip)|client_?ip|bytes_sent|user_?agent/i;
/** A record without one may be that of a request which the app sent. */
const clientKeys =
  /"[^"]*(?:remote|client|forwarded|user[_-]?agent|referr?er|(?:source|src|peer|real)[_.-]?(?:ip|addr))[^"]*":/i;
/** Caddy's access log has these requests too. */
const caddyErrors = /^http\.log\.error(?:\.|$)/;
const sentText = /\b(?:outgoing|outbound|egress) (?:https? )?(?:request|call)/i;
const methods =
  /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|REPORT|SEARCH|PURGE)$/i;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** journald has the bytes of a line that is not plain text. */
function lineOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.length > 10 ? value : undefined;
  const isBytes = Array.isArray(value) && value.length > 10 && value.every((each) => Number.isInteger(each));
  return isBytes ? Buffer.from(value as number[]).toString() : undefined;
}

function statusOf(value: unknown): number | undefined {
  const status = typeof value === 'string' ? Number(/^\d+/.exec(value)?.[0] ?? Number.NaN) : value;
  // Caddy and Traefik write 0 for a client that left.
  const isStatus =
    Number.isInteger(status) && (status === 0 || ((status as number) >= 100 && (status as number) <= 599));
  return isStatus ? (status as number) : undefined;
}

function momentOf(value: unknown): LogTime | 'impossible' | undefined {
  if (typeof value === 'number') return epochMoment(value);
  if (typeof value !== 'string' || value.length > 64) return undefined;
  return /^\d+(\.\d+)?$/.test(value) ? epochMoment(Number(value)) : findMoment(value);
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

/** Like `GET /a?b`; undefined for a record without a method. */
function requestAt(record: FlatRecord, own: unknown): string | undefined {
  const line = record.find(requestNames, textOf);
  if (line !== undefined && /^[A-Z]+ \S/.test(line)) return line;
  const method = record.find(methodNames, (value) => (methods.test(String(value)) ? String(value) : undefined));
  if (method === undefined) return textOf(own);
  const path = record.find(pathNames, textOf)?.replace(/^[A-Z]+ (?=\/)/, '') ?? '';
  const query = path.includes('?') ? undefined : record.find(queryNames, queryOf);
  const rooted = path === '' || /^(?:[/*]|[a-z][a-z0-9+.-]*:\/\/)/i.test(path) ? path : `/${path}`;
  return `${method.toUpperCase()} ${rooted}${query === undefined ? '' : `?${query}`}`.trimEnd();
}

/** A query of a database has blanks. */
function queryOf(value: unknown): string | undefined {
  const text = textOf(value)?.replace(/^\?/, '');
  return text === undefined || text === '' || text === '-' || /\s/.test(text) ? undefined : text;
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

/** Layouts that are tried, and lines that one is made of: a log whose lines are all different is parsed. */
const [mostLayouts, mostLearned] = [4, 200];
type Known = { readonly layout: RecordLayout; readonly wanted: ReadonlySet<number> };
const wantedNames = [
  timeNames,
  statusNames,
  requestNames,
  methodNames,
  pathNames,
  queryNames,
  messageNames,
  loggerNames,
];

/** Returns a reader of JSON lines that are like one which readFields has read: `learn` it, and `read` those behind it. */
export function createAlikeReader() {
  const known: Known[] = [];
  let learned = 0;
  return {
    /** As readFields reads it; undefined for a line that it has to look at. */
    read(line: string): LogLine | undefined {
      for (const { layout, wanted } of known) {
        const values = valuesIn(line, layout, wanted);
        if (values) return readPlain(recordOf(layout.plan, values));
      }
      return undefined;
    },
    /** `found` is what was read there. */
    learn(line: string, { format, source, isPerhapsSent, isYearAssumed }: LogLine): void {
      if (format !== 'json' || source !== undefined || isPerhapsSent || isYearAssumed || !line.startsWith('{')) return;
      if (++learned > mostLearned || !line.endsWith('}')) return;
      const layout = layoutOf(line, JSON.parse(line) as Fields);
      if (!layout) return;
      const wanted = new Set(wantedNames.flatMap((names) => placesOf(layout.plan, names)));
      known.unshift({ layout, wanted });
      known.splice(mostLayouts);
    },
  };
}

/** What readFields does with a record that has all that a request has. */
function readPlain(record: FlatRecord): LogLine | undefined {
  const moment = record.find(timeNames, momentOf);
  const status = record.find(statusNames, statusOf);
  const request = requestAt(record, undefined);
  if (typeof moment !== 'object' || status === undefined || request === undefined) return undefined;
  if (/^\S+ [a-z][a-z0-9+.-]*:\/\//i.test(request)) return undefined;
  if (sentText.test(record.find(messageNames, textOf) ?? '')) return undefined;
  if (caddyErrors.test(record.find(loggerNames, textOf) ?? '')) return undefined;
  return { atMs: moment.atMs, zone: moment.zone, format: 'json', request, status };
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
