// Lines of text: the formats of nginx and Apache, and others that have a time, a request and a status.
import { readCells, readIis } from './column-line.ts';
import type { FindTime } from './find-moment.ts';
import type { LogLine, Undated } from './log-line.ts';
import { createClfReader, type LogTime } from './moment.ts';

/**
 * http://nginx.org/en/docs/http/ngx_http_log_module.html: ... [$time_local] "$request" $status $bytes, whatever stands before and after it.
 */
const clf =
  /\[(\d{1,2}\/[A-Za-z]{3}\/\d{4})[: ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))? ?([+-]\d\d:?\d\d)\]\s+"([^"\\]*(?:\\.[^"\\]*)*)" (\d{3}) (?:\d+|-)(?: (")|(?= |$|\t))/;

const methods =
  'GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|TRACE|CONNECT|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|REPORT|SEARCH|PURGE';
const quoted = /"([A-Z][A-Z-]* [^"\\ ]\S*?(?: HTTP\/[\d.]+)?)"/;
const unquoted = new RegExp(
  `(?<![\\w/-])((?:${methods})["']?(?:,["' ]?(?:\\/|https?:\\/\\/)[^\\s"'|;,]*|[\\s|;]+["']?(?:\\/|https?:\\/\\/|\\*)[^\\s"'|;]*(?: HTTP\\/[\\d.]+)?))`,
);
/** nginx and Apache write errors beside requests, and name the request. */
const errorLine = /^(?:\d{4}\/\d\d\/\d\d [\d:]{8} \[\w+\] \d+#\d+:|\[[A-Z][a-z]{2} [^\]]+\] \[[\w:]*:?\w+\])/;
/** Of servers, and of a request whose own line is another: PHP's server and Rails. */
const others = [
  // What is around and between the records of a JSON document, and journald's other fields.
  /^[[\]{},\s]*$/,
  /^_{0,2}(?!MESSAGE=)[A-Z][A-Z_]*=/,
  /^(?:\/docker-entrypoint|-- (?:Boot|Logs begin|No entries|Reboot)|Attaching to )/,
  /^\[[^\]]+\] \S+:\d+ (?:Accepted|Closing)$/,
  // Koa, Hono and ASP.NET write a request when it comes, and another line when it is answered; Python's server an error.
  new RegExp(`(?:^|\\s)<-- (?:${methods}) |\\bRequest starting HTTP/|\\] code [45]\\d\\d, message `),
  /(?:^|-- : (?:\[[^\]]*\] )*)\s*(?:Processing by \S+#|Completed [1-5]\d\d |Render(?:ed|ing) |Parameters: |Redirected to )/,
];
/** Statuses that servers send: a number of bytes or milliseconds has three digits too. */
const sent = '1(?:0[0-3])|2(?:0[0-8]|26)|30[0-8]|4(?:[0-2]\\d|31|44|51|6[03]|9[4-9])|5(?:0\\d|1[01]|2\\d|30|61|9[89])';
const behind = '(?=$|[\\s|,;"\'\\])])';
const status = `(${sent})${behind}`;
const statusForms = {
  /** uWSGI has it at the end, behind the bytes. */
  version: /\(HTTP\/[\d.]+ ([1-5]\d\d)\)/,
  named: new RegExp(`\\b(?:status|code|sc)(?:_?code)?["']?[=:] ?["']?([1-5]\\d\\d)${behind}`, 'i'),
  next: new RegExp(`^["']?[\\s|,;]*["']?${status}`),
  /** Envoy and Traefik: the client left. */
  none: /^["\]]? (0) /,
  /** In front of the bytes. */
  first: new RegExp(`(?:^|[\\s|,;"'/[(])${status}["']?[\\s|,;]+["']?\\d+["']?[\\s|,;]*["']?$`),
  last: new RegExp(`(?:^|[\\s|,;"'/[(])${status}["'\\])]?[\\s|,;]*["']?$`),
  any: new RegExp(`(?:^|[\\s|,;"'/[(])${status}`),
};

/** The line is not about a request, and need not be: an error, a start. */
export function isOtherText(text: string): boolean {
  return errorLine.test(text) || others.some((each) => each.test(text));
}

/** A line with such a piece was about a request, whatever is wrong with it. */
const requestSigns = new RegExp(`HTTP/\\d|\\b(?:${methods}) +["']?(?:/|http)|\\[\\d{1,2}/[A-Za-z]{3}/\\d{4}[: ]`);
export function looksLikeRequest(text: string): boolean {
  return requestSigns.test(text);
}

const [quote, blank, backslash, closing, colon, dash] = [34, 32, 92, 93, 58, 45];
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** The number of two digits at a place; NaN where there are none. */
function twoDigits(text: string, at: number): number {
  const [ten, one] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
  return isDigit(ten) && isDigit(one) ? (ten - 48) * 10 + one - 48 : Number.NaN;
}

/** Returns a reader of the plainest lines, at the places where they have everything; a tenth of the time of a pattern. */
export function createFastReader() {
  const readTime = createClfReader();
  let [day, zone, midnightMs] = ['?', '?', 0];
  return (text: string): LogLine | undefined => {
    // An address, and before it nothing that a collector put there.
    const firstDot = text.indexOf('.');
    if (firstDot < 1 || firstDot > 3 || !isDigit(text.charCodeAt(0)) || !isDigit(text.charCodeAt(firstDot + 1)))
      return undefined;
    const at = text.indexOf('[');
    if (
      at < 0 ||
      text.charCodeAt(at + 12) !== colon ||
      text.charCodeAt(at + 15) !== colon ||
      text.charCodeAt(at + 18) !== colon ||
      text.charCodeAt(at + 21) !== blank ||
      text.charCodeAt(at + 27) !== closing ||
      text.charCodeAt(at + 28) !== blank ||
      text.charCodeAt(at + 29) !== quote
    )
      return undefined;
    const end = text.indexOf('"', at + 30);
    const size = text.charCodeAt(end + 6);
    const status = (text.charCodeAt(end + 2) - 48) * 100 + twoDigits(text, end + 3);
    if (
      end < 0 ||
      text.charCodeAt(end - 1) === backslash ||
      text.charCodeAt(end + 1) !== blank ||
      text.charCodeAt(end + 5) !== blank ||
      !(status >= 100 && status <= 999) ||
      !(isDigit(size) || size === dash)
    )
      return undefined;
    if (!text.startsWith(day, at + 1) || !text.startsWith(zone, at + 22)) {
      const found = readTime(text.slice(at + 1, at + 12), '00', '00', '00', text.slice(at + 22, at + 27));
      if (!found) return undefined;
      // Copies: the slice of a line would keep the whole piece of the file in memory.
      [day, zone] = [text.slice(at + 1, at + 12), text.slice(at + 22, at + 27)].map((each) =>
        Buffer.from(each).toString(),
      ) as [string, string];
      midnightMs = found.atMs;
    }
    const [hour, minute, second] = [twoDigits(text, at + 13), twoDigits(text, at + 16), twoDigits(text, at + 19)];
    if (!(hour < 24 && minute < 60 && second <= 60)) return undefined;
    const atMs = midnightMs + ((hour * 60 + minute) * 60 + second) * 1000;
    const format = text.charCodeAt(text.indexOf(' ', end + 6) + 1) === quote ? 'combined' : 'common';
    return { atMs, zone, format, request: text.slice(at + 30, end), status };
  };
}

/** Returns a reader of lines in nginx's common and combined format, with whatever is before and after. */
export function createClfLineReader() {
  const readTime = createClfReader();
  return (text: string): LogLine | undefined => {
    const match = clf.exec(text);
    if (!match) return undefined;
    const [, day = '', hour = '', minute = '', second = '', fraction, zone = '', request, code, agent] = match;
    const moment = readTime(day, hour, minute, second, zone);
    if (!moment) return undefined;
    const atMs = moment.atMs + (fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000 + 1e-6));
    return { atMs, zone: moment.zone, format: agent ? 'combined' : 'common', request, status: Number(code) };
  };
}

/** Reads any other line that has a request, a status and a time, which may be that of the prefix. */
export function readTextLine(text: string, prefix: LogTime | undefined, find: FindTime): LogLine | undefined {
  if (isOtherText(text)) return undefined;
  const native = readIis(text);
  if (native) return native;
  const match = quoted.exec(text) ?? unquoted.exec(text);
  if (!match) return readCells(text, known(findTime(text, '', find)) ?? prefix);
  const [before, after] = [text.slice(0, match.index), text.slice(match.index + match[0].length)];
  const code = findStatus(before, after);
  if (code === undefined) return undefined;
  const found = findTime(before, after, find) ?? prefix;
  if (!found || found === 'impossible') return undefined;
  const undated: Undated = { format: 'text', request: match[1]?.replace(/["']?[\s|,;]+["']?/, ' '), status: code };
  return { ...found, ...undated };
}

function known(found: LogTime | 'impossible' | undefined): LogTime | undefined {
  return found === 'impossible' ? undefined : found;
}

const strings = /"[^"]*"/g;

function findStatus(before: string, after: string): number | undefined {
  const match =
    statusForms.version.exec(after) ??
    statusForms.named.exec(`${before} ${after}`) ??
    statusForms.next.exec(after) ??
    statusForms.none.exec(after) ??
    statusForms.first.exec(before) ??
    statusForms.last.exec(before) ??
    statusForms.any.exec(after.replace(strings, ' " ')) ??
    statusForms.any.exec(after) ??
    statusForms.any.exec(before);
  return match ? Number(match[1]) : undefined;
}

/** Outside of quotes first: a referrer may hold a time. */
function findTime(before: string, after: string, find: FindTime): LogTime | 'impossible' | undefined {
  const own = (text: string) => text.replace(strings, ' " ');
  const inside = `${before} ${after}`.match(strings)?.filter((each) => /^"[^"]{8,40}"$/.test(each)) ?? [];
  return (
    find(own(before)) ??
    find(own(after)) ??
    inside.map((each) => find(each.slice(1, -1))).find((each) => each !== undefined)
  );
}
