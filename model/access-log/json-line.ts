// Records of a request: JSON lines of nginx, Caddy, Traefik, pino and others, and lines of key=value pairs.
import type { LogFormat, LogLine } from './log-line.ts';
import { epochMoment, findMoment, type Moment } from './moment.ts';

type Fields = Readonly<Record<string, unknown>>;

/** In this order: of a record with several times the begin of the request counts. */
const timeKeys = [
  'time_local',
  'time_iso8601',
  'StartUTC',
  'StartLocal',
  'start_time',
  'startTime',
  'requestTime',
  'requestTimeEpoch',
  'EdgeStartTimestamp',
  '@timestamp',
  'timestamp',
  'time',
  'ts',
  'msec',
  'datetime',
  'date_time',
  'event.time',
  'date',
  'eventTime',
  't',
  'at',
];
const statusKeys = [
  'status',
  'statusCode',
  'status_code',
  'http_status',
  'httpStatus',
  'http_status_code',
  'response_code',
  'responseCode',
  'response_status',
  'responseStatus',
  'DownstreamStatus',
  'OriginStatus',
  'EdgeResponseStatus',
  'elb_status_code',
  'sc-status',
  'res.statusCode',
  'res.status',
  'response.status',
  'response.statusCode',
  'response.status_code',
  'http.status',
  'http.status_code',
  'http.response.status_code',
  'http.response.status',
  'httpRequest.status',
  'code',
];
const methodKeys = [
  'request_method',
  'method',
  'RequestMethod',
  'httpMethod',
  'http_method',
  'requestMethod',
  'ClientRequestMethod',
  'cs-method',
  'verb',
  'request.method',
  'req.method',
  'http.method',
  'http.request.method',
  'httpRequest.requestMethod',
];
const pathKeys = [
  'request_uri',
  'uri',
  'url',
  'path',
  'RequestPath',
  'requestUri',
  'ClientRequestURI',
  'cs-uri-stem',
  'request.uri',
  'request.url',
  'request.path',
  'req.url',
  'req.path',
  'http.url',
  'url.original',
  'url.path',
  'httpRequest.requestUrl',
  'routeKey',
  'resourcePath',
];
const requestKeys = ['request', 'request_line', 'requestLine', 'http.request'];
/** Where collectors put the line that they collected. */
const lineKeys = ['log', 'MESSAGE', 'message', 'msg', 'line', 'event.original', 'common_log', 'textPayload', '_raw'];
/** Only the record of an answer has a status and one of these. */
const answerKeys = /^res$|responseTime|reqId|request_time|remote_(?:addr|ip)|client_?ip|bytes_sent|user_?agent/i;
const collectorTimeKeys = ['__REALTIME_TIMESTAMP', '_SOURCE_REALTIME_TIMESTAMP', 'ingestionTime'];

/** The value at a key, which may be dotted or a path into the record. */
function valueAt(fields: Fields, key: string): unknown {
  if (key in fields) return fields[key];
  if (!key.includes('.')) return undefined;
  return key.split('.').reduce<unknown>((at, name) => {
    return typeof at === 'object' && at !== null ? (at as Fields)[name] : undefined;
  }, fields);
}

function textAt(fields: Fields, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = valueAt(fields, key);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function statusAt(fields: Fields): number | undefined {
  for (const key of statusKeys) {
    const value = Number(valueAt(fields, key) ?? Number.NaN);
    // Caddy and Traefik write 0 for a client that left.
    if (Number.isInteger(value) && (value === 0 || (value >= 100 && value <= 599))) return value;
  }
  return undefined;
}

function momentFrom(value: unknown): Moment | 'impossible' | undefined {
  if (typeof value === 'number') return epochMoment(value);
  if (typeof value !== 'string' || value.length > 64) return undefined;
  return /^\d+(\.\d+)?$/.test(value) ? epochMoment(Number(value)) : findMoment(value);
}

function momentAt(fields: Fields): Moment | 'impossible' | undefined {
  for (const key of [...timeKeys, ...collectorTimeKeys]) {
    const found = momentFrom(valueAt(fields, key));
    if (found) return found;
  }
  const { date, time } = fields;
  if (typeof date === 'string' && typeof time === 'string') return findMoment(`${date} ${time}`);
  for (const value of Object.values(fields)) {
    const found = typeof value === 'string' && value.length < 40 ? momentFrom(value) : undefined;
    if (found) return found;
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
  prefix: Moment | undefined,
  format: LogFormat,
  readInner: (line: string, moment: Moment | undefined) => LogLine | undefined,
): ReadRecord {
  const found = momentAt(fields) ?? prefix;
  const moment = found === 'impossible' ? undefined : found;
  const status = statusAt(fields);
  const method = textAt(fields, methodKeys);
  const whole = textAt(fields, requestKeys);
  const request = whole ?? (method === undefined ? undefined : `${method} ${textAt(fields, pathKeys) ?? ''}`.trimEnd());
  if (request !== undefined && status !== undefined) return moment ? { ...moment, format, request, status } : 'broken';
  for (const key of lineKeys) {
    const line = valueAt(fields, key);
    const inner = typeof line === 'string' && line.length > 10 ? readInner(line.trimEnd(), moment) : undefined;
    if (inner) return inner;
  }
  // pino and Fastify log the request when it comes and the answer, with its status, when it ends.
  if (status !== undefined && status > 0 && Object.keys(fields).some((key) => answerKeys.test(key)))
    return moment ? { ...moment, format, status } : 'broken';
  if ('req' in fields || request === undefined) return 'other';
  return textAt(fields, pathKeys) === undefined && whole === undefined ? 'other' : 'broken';
}

const pair = /([\w.@-]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g;

/** The pairs of a line like `method=GET path="/a" status=200`; undefined for a line that does not have these. */
export function readPairs(text: string): Fields | undefined {
  if (!/\bstatus(?:_?code)?=/i.test(text) || !/\bmethod=/.test(text)) return undefined;
  return Object.fromEntries([...text.matchAll(pair)].map(([, key = '', inQuotes, bare]) => [key, inQuotes ?? bare]));
}
