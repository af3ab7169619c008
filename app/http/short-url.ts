import { isIPv6 } from 'node:net';
import type { Request } from 'express';

/** The full URL of a code on this site, as the visitor sees it. */
export function shortUrl(req: Request, code: string): string {
  return `${siteOf(req)}/${encodeURIComponent(code)}`;
}

/** The origin of this site, as the visitor sees it. */
export function siteOf(req: Request): string {
  return `${req.protocol}://${hostOf(req)}`;
}

/** The host[:port] that the visitor asked; HTTP/1.0 may not name one, so the address that the connection came in on. */
export function hostOf(req: Request): string {
  const { localAddress = '', localPort } = req.socket;
  return req.get('host') || `${isIPv6(localAddress) ? `[${localAddress}]` : localAddress}:${localPort}`;
}
