import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** The security headers of every page: no content from other sites, no inline code, no frames, no copy in caches. */
export function securityHeaders(): RequestHandler {
  const headers = headersOf();
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };
}

// Helmet's dozen middlewares write the same headers on every response, so they run only once.
function headersOf(): [string, string][] {
  const headers: [string, string][] = [];
  const write = helmet({
    contentSecurityPolicy: {
      // No upgrade-insecure-requests: on a plain http port it would block the style sheet.
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Effective over https only, where the proxy in front decides it for the whole host.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    // So that browsers send Origin with our own forms; with "no-referrer" they send "null".
    referrerPolicy: { policy: 'same-origin' },
  });
  // What depends on the visitor stays out of caches; files and style sheets replace this.
  headers.push(['Cache-Control', 'no-store']);
  const res = { setHeader: (name: string, value: string) => headers.push([name, value]), removeHeader() {} };
  write({} as IncomingMessage, res as unknown as ServerResponse, () => {});
  return headers;
}
