// What a record says of its request: names that programs have for time, status, method and path, and how these values are read.
import { epochMoment, findMoment } from './find-moment.ts';
import { type FlatRecord, plainName } from './flat-record.ts';
import type { LogTime } from './moment.ts';

/** In this order: of a record with several times the begin of the request counts. */
export const timeNames = (
  'timelocal timeiso8601 startutc startlocal starttime startedat requesttime requesttimeepoch reqtimesec edgestarttimestamp ' +
  'timestamp timestampms time ts msec datetime eventtime event.time timegenerated date t at ' +
  'realtimetimestamp sourcerealtimetimestamp ingestiontime'
).split(' ');
/** As programs and clouds call the status. */
export const statusNames = (
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
/** Of what a record is about, and of who wrote it. */
export const messageNames = ['msg', 'message'];
export const loggerNames = ['logger'];
const columnNames = { method: methodNames, path: pathNames, status: statusNames } as const;

/** Whether a name is one of those that programs have for it. */
export function isName(kind: keyof typeof columnNames, name: string): boolean {
  return columnNames[kind].includes(plainName(name));
}

/** The log of errors has requests that stand in the access log too. */
export const caddyErrors = /^http\.log\.error(?:\.|$)/;
/** Said of a request that the app sent. */
export const sentText = /\b(?:outgoing|outbound|egress) (?:https? )?(?:request|call)/i;
const methods =
  /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|REPORT|SEARCH|PURGE)$/i;

/** Text that is not empty. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The status that a value is. */
export function statusOf(value: unknown): number | undefined {
  const status = typeof value === 'string' ? Number(/^\d+/.exec(value)?.[0] ?? Number.NaN) : value;
  // Caddy and Traefik write 0 for a client that left.
  const isStatus =
    Number.isInteger(status) && (status === 0 || ((status as number) >= 100 && (status as number) <= 599));
  return isStatus ? (status as number) : undefined;
}

/** The time that a value is; `impossible` for one that does not exist. */
export function momentOf(value: unknown): LogTime | 'impossible' | undefined {
  if (typeof value === 'number') return epochMoment(value);
  if (typeof value !== 'string' || value.length > 64) return undefined;
  return /^\d+(\.\d+)?$/.test(value) ? epochMoment(Number(value)) : findMoment(value);
}

/** Like `GET /a?b`; undefined for a record without a method. */
export function requestAt(record: FlatRecord, own: unknown): string | undefined {
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

/** All names by which a record without anything unusual is read. */
export const usedNames: readonly (readonly string[])[] = [
  ...[timeNames, statusNames, requestNames, methodNames, pathNames, queryNames],
  ...[messageNames, loggerNames],
];
