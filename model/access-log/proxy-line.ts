// Lines of AWS load balancers, HAProxy and other proxies, and of servers that write no status.

import { findMoment } from './find-moment.ts';
import type { LogFormat, LogLine } from './log-line.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html, and the classic one. */
const loadBalancer =
  /^(?:(?:https?|h2|grpcs?|wss?) )?(\d{4}-\d\d-\d\dT[\d:.]+Z) \S+ (?:\S+:\d+|-) (?:\S+:\d+|-) (?:-?[\d.]+ ){3}(\d{3}|-) (?:\d{3}|-) -?\d+ -?\d+ "([^"]*)"/;
/** https://docs.haproxy.org/3.0/configuration.html#8.2.3 */
const haproxy =
  /\[(\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:[\d:.]+(?: [+-]\d{4})?)\] \S+ \S+ -?\d+(?:\/[+-]?\d+){3,4} (\d{3}|-1) \+?\d+ \S+ \S+ \S{4} .*?"([^"]*)"?/;
const proxyManager =
  /^\[(\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:[\d:]+ [+-]\d{4})\] .*?(\d{3}|-) - ([A-Z]+|-) \S+ \S+ "([^"]*)" \[Client /;

/** Apache's ssl_request_log has bytes and no status. https://httpd.apache.org/docs/2.4/ssl/ssl_faq.html */
const sslRequest = /^\[([^\]]+)\] \S+ (?:TLS|SSL)v\S+ \S+ "([^"]*)" (?:\d+|-)$/;
/** Rails writes the request when it comes, and its status in another line. */
const railsStart = /(?:^|-- : (?:\[[^\]]*\] )*)Started ([A-Z]+) "([^"]*)" for \S+ at (.+)$/;

/** Reads the lines of AWS load balancers, HAProxy, Nginx Proxy Manager, Rails and Apache's ssl_request_log. */
export function readProxyLine(text: string): LogLine | undefined {
  const make = (format: LogFormat, time: string | undefined, code: string | undefined, request: string | undefined) => {
    const moment = findMoment(time ?? '');
    if (!moment || moment === 'impossible') return undefined;
    // The client left, or there was no answer: -1 and a dash.
    return { ...moment, format, request, ...(code !== undefined && { status: Math.max(0, Number(code) || 0) }) };
  };
  const balanced = loadBalancer.exec(text);
  // A connection of a TCP listener is no request.
  if (balanced && !balanced[3]?.startsWith('- - -'))
    return make('load-balancer', balanced[1], balanced[2], balanced[3]);
  const proxied = haproxy.exec(text);
  if (proxied) return make('haproxy', proxied[1], proxied[2], proxied[3]);
  const managed = proxyManager.exec(text);
  if (managed) return make('nginx-proxy-manager', managed[1], managed[2], `${managed[3]} ${managed[4]}`);
  const secure = sslRequest.exec(text);
  if (secure) return make('text', secure[1], undefined, secure[2]);
  const started = railsStart.exec(text);
  return started ? make('text', started[3], undefined, `${started[1]} ${started[2]}`) : undefined;
}
