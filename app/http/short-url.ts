import type { Request } from 'express';

/** The full address of a code on this site, as the visitor reaches it. */
export function shortUrl(req: Request, code: string): string {
  return `${req.protocol}://${req.get('host')}/${code}`;
}
