import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LinkStore } from './store.ts';

/** Sends a visitor on. The only place that writes this answer, so that both ways to it give the same headers. */
export function answerRedirect(res: ServerResponse, location: string): void {
  res.writeHead(302, ['Location', location, 'Content-Length', '0']);
  res.end();
}

/**
 * Answers `GET|HEAD /:code` of a known code and returns true; anything else is left to Express. It stands in front of
 * the middleware chain because finding the link takes a microsecond and the chain a hundred.
 */
export function redirectKnown(store: LinkStore, req: IncomingMessage, res: ServerResponse): boolean {
  if (req.method !== 'GET' && req.method !== 'HEAD') return false;
  const url = req.url ?? '';
  const query = url.indexOf('?');
  const location = store.peek(query === -1 ? url.slice(1) : url.slice(1, query));
  if (location === undefined) return false;
  answerRedirect(res, location);
  return true;
}
