import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** The security headers of every page: nothing from elsewhere, nothing inline, in no frame. */
export function securityHeaders(): RequestHandler {
  return helmet({
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
}
