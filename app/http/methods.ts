import type { RequestHandler } from 'express';
import type { LinkStore } from '../links/store.ts';
import { RequestRefused } from './creation-guard.ts';
import { notFound } from './failure.ts';

const READ = 'GET, HEAD, OPTIONS';
/** The methods of each path of the app; all others are those of links. */
const METHODS: readonly (readonly [path: RegExp, methods: string])[] = [
  [/^\/$/, READ],
  [/^\/(api|api\/docs|openapi\.json|healthz|readyz|metrics)$/, READ],
  [/^\/(static|files)\/./, READ],
  [/^\/api\/links\/[^/]+$/, 'GET, HEAD, DELETE, OPTIONS'],
  [/^\/your-url$/, 'GET, HEAD, POST, OPTIONS'],
];
/** The one path that cannot be read. */
const CREATE = '/api/links';
const LINK = /^\/([^/]+?)(\+?)$/;

/** Answers OPTIONS, and 405 to a method that a path does not have. */
export function refuseMethods(store: LinkStore): RequestHandler {
  const methodsOf = async (path: string): Promise<string | undefined> => {
    if (path === CREATE) return 'POST, OPTIONS';
    const known = METHODS.find(([pattern]) => pattern.test(path));
    if (known) return known[1];
    const [, code, plus] = LINK.exec(path) ?? [];
    if (code === undefined || !(await store.find(decoded(code)))) return undefined;
    return plus ? 'GET, HEAD, POST, OPTIONS' : READ;
  };
  return async (req, res, next) => {
    const reads = req.method === 'GET' || req.method === 'HEAD';
    if (reads && req.path !== CREATE) return next();
    const methods = await methodsOf(req.path);
    const answersItself = req.method === 'OPTIONS';
    if (methods === undefined && answersItself) return notFound(req, res, next);
    if (methods === undefined || (methods.split(', ').includes(req.method) && !answersItself)) return next();
    res.set('Allow', methods);
    if (answersItself) res.status(204).end();
    else throw new RequestRefused(405, `This address does not accept ${req.method}. It accepts ${methods}.`);
  };
}

function decoded(code: string): string {
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}
