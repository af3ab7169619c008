import { Router } from 'express';
import type { LinkStore } from '../links/store.ts';

export interface HealthParts {
  readonly store: LinkStore;
  readonly isDraining: () => boolean;
  readonly metrics: () => Promise<string>;
}

/** The routes for load balancers and monitoring: liveness, readiness and metrics. */
export function healthRoutes({ store, isDraining, metrics }: HealthParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(['/healthz', '/readyz', '/metrics'], (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });

  router.get('/readyz', async (_req, res) => {
    if (isDraining()) {
      res.status(503).json({ status: 'draining' });
      return;
    }
    try {
      await store.check();
      res.json({ status: 'ready' });
    } catch {
      // The reason names the address of the store, and the store logs it.
      res.status(503).json({ status: 'unavailable' });
    }
  });

  router.get('/metrics', async (_req, res) => {
    res.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics());
  });
  return router;
}
