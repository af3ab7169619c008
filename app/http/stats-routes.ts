import { type Request, Router } from 'express';
import { fileOf } from '../links/link.ts';
import { refuseOtherOrigins } from './creation-guard.ts';
import type { PageParts } from './page-routes.ts';
import { shortUrl } from './short-url.ts';
import { leaveFlash, visitorOf } from './visitor.ts';

/** The page about a link, at `/CODE+`, where its creator can also remove it. */
export function statsRoutes({ store, files }: PageParts): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.get('/:code\\+', async (req: Request<{ code: string }>, res, next) => {
    const link = await store.find(req.params.code);
    if (!link) return next();
    const isMine = link.owner !== undefined && link.owner === visitorOf(req);
    const visits = await store.visitsOf(link.code);
    res.render('stats', { link, visits, isMine, shortUrl: shortUrl(req, link.code) });
  });

  router.post('/:code\\+', refuseOtherOrigins, async (req: Request<{ code: string }>, res, next) => {
    const visitor = visitorOf(req);
    const removed = visitor && (await store.remove(req.params.code, visitor));
    if (!removed) return next();
    const file = fileOf(removed.location);
    if (file) await files.remove(file.stored);
    leaveFlash(req, { kind: 'info', text: `The link "${removed.code}" was removed.` });
    res.redirect(303, '/');
  });
  return router;
}
