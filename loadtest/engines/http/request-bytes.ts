// A route as the bytes that are sent for it, made once.
import type { Route } from '../../../model/profile.ts';
import type { Kept } from './kept.ts';

export type RequestBytes = {
  readonly bytes: Buffer;
  /** Its answer has no body. */
  readonly toHead: boolean;
  /** May be sent again when its connection turns out to have been closed before it came (RFC 9110, 9.2.2). */
  readonly repeatable: boolean;
  /** Takes what it wants to see of its answer; absent: nothing. */
  readonly kept?: Kept;
  /** Is shown the status of a whole answer. Returns the number of the route that the answer counts for. */
  seen?(status: number): number;
};

/** Gives the message of a route by its number. */
export function requestsOf(order: { readonly origin: string; readonly routes: readonly Route[] }) {
  const requests = requestBytes(order.origin, order.routes);
  return (route: number): RequestBytes => requests[route] as RequestBytes;
}

/** The message for each route. A length of the route's own is replaced by that of its body; a host of its own stays. */
export function requestBytes(origin: string, routes: readonly Route[]): RequestBytes[] {
  const { host } = new URL(origin);
  return routes.map((route) => encodeRequest(host, route));
}

/** The message with one more line in its head. */
export function insertLine(bytes: Buffer, line: string): Buffer {
  const at = bytes.indexOf('\r\n') + 2;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(`${line}\r\n`, 'latin1'), bytes.subarray(at)]);
}

/** RFC 9110, 9.2.2: sent twice, they mean the same. */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

type Request = Pick<Route, 'path' | 'headers' | 'body'> & { readonly method: string };

/** One message to a host. */
export function encodeRequest(host: string, { method, path, headers, body }: Request): RequestBytes {
  const own = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  const content = Buffer.from(body ?? '');
  const framed = body !== undefined || ['POST', 'PUT', 'PATCH'].includes(method);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...(names.has('host') ? [] : [`host: ${host}`]),
    ...(names.has('connection') ? [] : ['connection: keep-alive']),
    ...own.map(([name, value]) => `${name}: ${value}`),
    ...(framed ? [`content-length: ${content.length}`] : []),
  ];
  return {
    bytes: Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content]),
    toHead: method === 'HEAD',
    repeatable: idempotent.has(method),
  };
}
