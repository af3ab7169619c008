// Lines of text: the formats of nginx, Apache, load balancers and proxies, and others that have a time, a request and a status.
import type { LogFormat, LogLine, Undated } from './log-line.ts';
import { createClfReader, findMoment, type Moment } from './moment.ts';

/**
 * http://nginx.org/en/docs/http/ngx_http_log_module.html: ... [$time_local] "$request" $status $bytes, whatever stands before and after it.
 */
const clf =
  /\[(\d{1,2}\/[A-Za-z]{3}\/\d{4})[: ](\d\d):(\d\d):(\d\d)(?:[.,]\d+)? ?([+-]\d\d:?\d\d)\]\s+"([^"\\]*(?:\\.[^"\\]*)*)" (\d{3}) (?:\d+|-)(?: (")|(?= |$|\t))/;
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html, and the classic one. */
const loadBalancer =
  /^(?:(?:https?|h2|grpcs?|wss?) )?(\d{4}-\d\d-\d\dT[\d:.]+Z) \S+ (?:\S+:\d+|-) (?:\S+:\d+|-) (?:-?[\d.]+ ){3}(\d{3}|-) (?:\d{3}|-) -?\d+ -?\d+ "([^"]*)"/;
/** https://docs.haproxy.org/3.0/configuration.html#8.2.3 */
const haproxy =
  /\[(\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:[\d:.]+(?: [+-]\d{4})?)\] \S+ \S+ -?\d+(?:\/[+-]?\d+){3,4} (\d{3}|-1) \+?\d+ \S+ \S+ \S{4} .*?"([^"]*)"?/;
const proxyManager =
  /^\[(\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:[\d:]+ [+-]\d{4})\] .*?(\d{3}|-) - ([A-Z]+) https? \S+ "([^"]*)" \[Client /;

const methods =
  'GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|TRACE|CONNECT|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|REPORT|SEARCH|PURGE';
const quoted = /"([A-Z][A-Z-]* [^"\\ ]\S*?(?: HTTP\/[\d.]+)?)"/;
const unquoted = new RegExp(
  `(?<![\\w/-])((?:${methods})["']?[\\s|,;]+["']?(?:\\/|https?:\\/\\/|\\*)[^\\s"'|;]*(?: HTTP\\/[\\d.]+)?)`,
);
/** nginx and Apache write errors beside requests, and name the request. */
const errorLine = /^(?:\d{4}\/\d\d\/\d\d [\d:]{8} \[\w+\] \d+#\d+:|\[[A-Z][a-z]{2} [^\]]+\] \[[\w:]*:?\w+\])/;
const startup = /^(?:\/docker-entrypoint|-- (?:Boot|Logs begin|No entries|Reboot)|Attaching to )/;
const status = '([1-5]\\d\\d)(?=$|[\\s|,;"\'\\])])';
const statusForms = {
  named: new RegExp(`\\b(?:status|code|sc)(?:_?code)?["']?[=:] ?["']?${status}`, 'i'),
  next: new RegExp(`^["']?[\\s|,;]*["']?${status}`),
  last: new RegExp(`(?:^|[\\s|,;"'/[(])${status}["'\\])]?[\\s|,;]*["']?$`),
  any: new RegExp(`(?:^|[\\s|,;"'/[(])${status}`),
};

/** The line is not about a request, and need not be: an error, a start. */
export function isOtherText(text: string): boolean {
  return errorLine.test(text) || startup.test(text);
}

/** A line with such a piece was about a request, whatever is wrong with it. */
const requestSigns = new RegExp(`HTTP/\\d|\\b(?:${methods}) +["']?(?:/|http)|\\[\\d{1,2}/[A-Za-z]{3}/\\d{4}[: ]`);
export function looksLikeRequest(text: string): boolean {
  return requestSigns.test(text);
}

/** An address, and after it nothing that a collector put there. */
const direct = /^\d{1,3}\.\d{1,3}\.\d/;
const [quote, blank, backslash, closing] = [34, 32, 92, 93];

/** Returns a reader of the plainest lines, at the places where they have everything; a tenth of the time of a pattern. */
export function createFastReader() {
  const readTime = createClfReader();
  return (text: string): LogLine | undefined => {
    if (!direct.test(text)) return undefined;
    const at = text.indexOf('[');
    const end = text.indexOf('"', at + 30);
    const isPlain =
      at > 0 &&
      end > 0 &&
      text.charCodeAt(at + 21) === blank &&
      text.charCodeAt(at + 27) === closing &&
      text.charCodeAt(at + 28) === blank &&
      text.charCodeAt(at + 29) === quote &&
      text.charCodeAt(end - 1) !== backslash &&
      text.charCodeAt(end + 1) === blank &&
      text.charCodeAt(end + 5) === blank;
    const status = isPlain ? Number(text.slice(end + 2, end + 5)) : 0;
    if (!(status >= 100) || !/\d|-/.test(text.charAt(end + 6))) return undefined;
    const [hour, minute, second] = [
      text.slice(at + 13, at + 15),
      text.slice(at + 16, at + 18),
      text.slice(at + 19, at + 21),
    ];
    const moment = readTime(text.slice(at + 1, at + 12), hour, minute, second, text.slice(at + 22, at + 27));
    if (!moment) return undefined;
    const format = text.charCodeAt(text.indexOf(' ', end + 6) + 1) === quote ? 'combined' : 'common';
    return { atMs: moment.atMs, zone: moment.zone, format, request: text.slice(at + 30, end), status };
  };
}

/** Returns a reader of lines in nginx's common and combined format, with whatever is before and after. */
export function createClfLineReader() {
  const readTime = createClfReader();
  return (text: string): LogLine | undefined => {
    const match = clf.exec(text);
    if (!match) return undefined;
    const [, day = '', hour = '', minute = '', second = '', zone = '', request, code, agent] = match;
    const moment = readTime(day, hour, minute, second, zone);
    return moment && { ...moment, format: agent ? 'combined' : 'common', request, status: Number(code) };
  };
}

/** Reads the lines of AWS load balancers, HAProxy and Nginx Proxy Manager. */
export function readProxyLine(text: string): LogLine | undefined {
  const make = (format: LogFormat, time: string | undefined, code: string | undefined, request: string | undefined) => {
    const moment = findMoment(time ?? '');
    if (!moment || moment === 'impossible') return undefined;
    return { ...moment, format, request, status: Number(code) > 0 ? Number(code) : undefined };
  };
  const balanced = loadBalancer.exec(text);
  if (balanced) return make('load-balancer', balanced[1], balanced[2], balanced[3]);
  const proxied = haproxy.exec(text);
  if (proxied) return make('haproxy', proxied[1], proxied[2], proxied[3]);
  const managed = proxyManager.exec(text);
  return managed ? make('nginx-proxy-manager', managed[1], managed[2], `${managed[3]} ${managed[4]}`) : undefined;
}

/** Reads any other line that has a request, a status and a time, which may be that of the prefix. */
export function readTextLine(text: string, prefix: Moment | undefined): LogLine | undefined {
  if (isOtherText(text)) return undefined;
  const match = quoted.exec(text) ?? unquoted.exec(text);
  if (!match) return undefined;
  const [before, after] = [text.slice(0, match.index), text.slice(match.index + match[0].length)];
  const code = findStatus(before, after);
  if (code === undefined) return undefined;
  const found = findTime(before, after) ?? prefix;
  if (!found || found === 'impossible') return undefined;
  const undated: Undated = { format: 'text', request: match[1]?.replace(/["']?[\s|,;]+["']?/, ' '), status: code };
  return { ...found, ...undated };
}

function findStatus(before: string, after: string): number | undefined {
  const match =
    statusForms.named.exec(`${before} ${after}`) ??
    statusForms.next.exec(after) ??
    statusForms.last.exec(before) ??
    statusForms.any.exec(after) ??
    statusForms.any.exec(before);
  return match ? Number(match[1]) : undefined;
}

/** Outside of quotes first: a referrer may hold a time. */
function findTime(before: string, after: string): Moment | 'impossible' | undefined {
  const strings = /"[^"]*"/g;
  const own = (text: string) => text.replace(strings, ' " ');
  const inside = `${before} ${after}`.match(strings)?.filter((each) => /^"[^"]{8,40}"$/.test(each)) ?? [];
  return (
    findMoment(own(before)) ??
    findMoment(own(after)) ??
    inside.map((each) => findMoment(each.slice(1, -1))).find((each) => each !== undefined)
  );
}
