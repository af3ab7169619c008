import type { RequestHandler } from 'express';

/** An answer of 4xx that its message explains to whoever asked. */
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

/** Refuses a change that another site's page sends in the name of this visitor. */
export const refuseOtherOrigins: RequestHandler = (req, _res, next) => {
  const origin = req.get('origin');
  const crossSite =
    req.get('sec-fetch-site') === 'cross-site' || (origin !== undefined && hostOf(origin) !== req.get('host'));
  if (crossSite)
    throw new RequestRefused(403, 'This form was sent from another site. Open this site and send it from here.');
  next();
};

/** Refuses an address that creates too many links; `waitS` says how long it has to wait. */
export function limitCreations(waitS: (address: string) => Promise<number>): RequestHandler {
  return async (req, _res, next) => {
    const seconds = await waitS(req.ip ?? '');
    if (seconds === 0) return next();
    const wait = seconds === 1 ? '1 second' : `${seconds} seconds`;
    throw new RequestRefused(429, `Too many links from your address. Try again in ${wait}.`, seconds);
  };
}

// "null" and other texts that are no origin have no host and so match none.
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
