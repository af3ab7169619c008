import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** The security headers of every page: nothing from elsewhere, nothing inline, in no frame. */
export function securityHeaders(): RequestHandler {
  const headers = headersOf();
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };
}

// Helmet's dozen middlewares write the same on every answer, so they are asked only once.
function headersOf(): [string, string][] {
  const headers: [string, string][] = [];
  const write = helmet({
    contentSecurityPolicy: {
      // No upgrade-insecure-requests: behind a plain http port it would take the pages their style sheet.
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
    // Browsers heed it over https only, where a proxy in front decides about it for the whole host.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    // So that a browser sends Origin with our own forms; "no-referrer" turns it into "null".
    referrerPolicy: { policy: 'same-origin' },
  });
  const res = { setHeader: (name: string, value: string) => headers.push([name, value]), removeHeader() {} };
  write({} as IncomingMessage, res as unknown as ServerResponse, () => {});
  return headers;
}
