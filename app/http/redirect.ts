import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LinkStore } from '../links/store.ts';
import type { VisitCounter } from '../links/visits.ts';

/** What a redirect needs. */
export interface RedirectParts {
  readonly store: LinkStore;
  readonly visits: VisitCounter;
}

/** Redirects a visitor and counts the visit. Both request paths use it, so that their responses are identical. */
export function answerRedirect(
  { visits }: RedirectParts,
  req: IncomingMessage,
  res: ServerResponse,
  code: string,
  location: string,
): void {
  if (req.method === 'GET') visits.count(code);
  res.writeHead(302, ['Location', location, 'Content-Length', '0']);
  res.end();
}

/**
 * Answers `GET|HEAD /:code` when the code is at hand and returns true; leaves everything else to Express. It runs before
 * the middleware chain because finding a link takes a microsecond and the chain a hundred.
 */
export function redirectKnown(parts: RedirectParts, req: IncomingMessage, res: ServerResponse): boolean {
  if (req.method !== 'GET' && req.method !== 'HEAD') return false;
  const url = req.url ?? '';
  const query = url.indexOf('?');
  const code = query === -1 ? url.slice(1) : url.slice(1, query);
  const location = parts.store.peek(code);
  if (location === undefined) return false;
  answerRedirect(parts, req, res, code, location);
  return true;
}
