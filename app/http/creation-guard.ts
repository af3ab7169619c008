import type { RequestHandler } from 'express';
import { plainAddress } from './client-address.ts';

/** A 4xx response whose message is shown to the client. */
export class RequestRefused extends Error {
  override name = 'RequestRefused';
  readonly status: number;
  readonly retryAfterS: number | undefined;

  constructor(status: number, message: string, retryAfterS?: number) {
    super(message);
    this.status = status;
    this.retryAfterS = retryAfterS;
  }
}

/** Refuses cross-site requests (CSRF). */
export const refuseOtherOrigins: RequestHandler = (req, _res, next) => {
  const origin = req.get('origin');
  // What the browser says of the request; no page can forge it. A proxy may have dropped the port from Host.
  const fetchSite = req.get('sec-fetch-site');
  const crossSite = fetchSite === 'cross-site' || (origin !== undefined && !isOfHost(origin, req.get('host') ?? ''));
  if (crossSite && fetchSite !== 'same-origin')
    throw new RequestRefused(403, 'The request came from another site. Open this site and submit the form here.');
  next();
};

/** Refuses an address that creates too many links; `waitS` returns how many seconds it has to wait. */
export function limitCreations(waitS: (address: string) => Promise<number>): RequestHandler {
  return async (req, _res, next) => {
    const seconds = await waitS(plainAddress(req.ip) ?? 'unknown');
    if (seconds === 0) return next();
    const wait = seconds === 1 ? '1 second' : `${seconds} seconds`;
    throw new RequestRefused(429, `Too many links were created from your address. Try again in ${wait}.`, seconds);
  };
}

// "null" and other invalid origins have no host, so they match no site. A proxy may write the port of the scheme, or capitals.
function isOfHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: from } = new URL(origin);
  return from !== '' && URL.canParse(`${protocol}//${host}`) && new URL(`${protocol}//${host}`).host === from;
}
