import type { Request } from 'express';

/** The full URL of a code on this site, as the visitor sees it. */
export function shortUrl(req: Request, code: string): string {
  return `${req.protocol}://${req.get('host')}/${code}`;
}
