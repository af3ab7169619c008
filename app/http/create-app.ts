import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Express, type RequestHandler, type Response } from 'express';
import { countRequests, type Traffic } from '../telemetry/traffic.ts';
import { trustedProxies } from './client-address.ts';
import { answerFailure, notFound } from './failure.ts';
import { fileRoutes } from './file-routes.ts';
import { type HealthParts, healthRoutes } from './health-routes.ts';
import { linkApi } from './link-api.ts';
import { refuseMethods } from './methods.ts';
import { useTemplates } from './page-engine.ts';
import { type PageParts, pageRoutes } from './page-routes.ts';
import { answerRedirect, type RedirectParts } from './redirect.ts';
import { securityHeaders } from './security-headers.ts';
import { statsRoutes } from './stats-routes.ts';
import { visitorCookie } from './visitor.ts';

/** The dependencies and settings of the app. */
export interface AppParts extends PageParts, RedirectParts, HealthParts {
  readonly traffic: Traffic;
  readonly trustProxy: readonly string[];
  readonly log: (line: string) => void;
  readonly sessionSecret: string;
}

const VIEWS = join(import.meta.dirname, 'views');
const PUBLIC = join(import.meta.dirname, 'public');

/** Builds the Express app; the caller listens. */
export function createApp(parts: AppParts): Express {
  const app = express();
  useTemplates(app, VIEWS);
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.disable('x-powered-by');
  // What even the page of errors cannot answer shows no stack.
  app.set('env', 'production');
  // Pages and JSON are small and differ by visitor, so hashing each response would save nothing.
  app.disable('etag');
  app.locals.assetVersion = assetVersion();

  app.set('trust proxy', trustedProxies(parts.trustProxy));

  app.use(countRequests(parts.traffic));
  app.use(healthRoutes(parts));
  app.get('/:code', redirectByCode(parts));
  app.use(securityHeaders());
  app.use(visitorCookie(parts.sessionSecret));
  app.use(refuseMethods(parts.store));
  // Before the other routes, because programs create thousands of links.
  app.use(linkApi(parts));
  app.use('/static', assets());
  app.use(fileRoutes(parts.files, parts.store));
  app.use(pageRoutes(parts));
  app.use(statsRoutes(parts));
  app.use(notFound);
  app.use(answerFailure(parts.log));
  return app;
}

/** Their addresses change with their content. */
function assets(): RequestHandler {
  const setHeaders = (res: Response): void => {
    res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  };
  return express.static(PUBLIC, { index: false, redirect: false, cacheControl: false, setHeaders });
}

function redirectByCode(parts: AppParts): RequestHandler<{ code: string }> {
  return async (req, res, next) => {
    const link = await parts.store.find(req.params.code);
    if (link) answerRedirect(parts, req, res, link.code, link.location);
    else next();
  };
}

function assetVersion(): string {
  const hash = createHash('sha256');
  for (const file of ['style.css', 'copy.js']) hash.update(readFileSync(join(PUBLIC, file)));
  return hash.digest('hex').slice(0, 12);
}
