import { type Request, Router } from 'express';
import { destinationOf, fileOf } from '../links/link.ts';
import { refuseOtherOrigins } from './creation-guard.ts';
import type { PageParts } from './page-routes.ts';
import { shortUrl } from './short-url.ts';
import { leaveFlash, takeFlash, visitorOf } from './visitor.ts';

/** The page about a link, at `/CODE+`: a creation leads to it, and its creator can remove the link there. */
export function statsRoutes({ store, files }: PageParts): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.get('/:code\\+', async (req: Request<{ code: string }>, res, next) => {
    const link = await store.find(req.params.code);
    if (!link) return next();
    const isMine = link.owner !== undefined && link.owner === visitorOf(req);
    const visits = await store.visitsOf(link.code);
    const isNew = takeFlash(req)?.created === link.code;
    const destination = destinationOf(link.location);
    res.render('stats', { link, destination, visits, isMine, isNew, shortUrl: shortUrl(req, link.code) });
  });

  router.post('/:code\\+', refuseOtherOrigins, async (req: Request<{ code: string }>, res, next) => {
    const visitor = visitorOf(req);
    const removed = visitor && (await store.remove(req.params.code, visitor));
    if (!removed) return next();
    const file = fileOf(removed.location);
    if (file) await files.remove(file.stored);
    leaveFlash(req, { text: `The link "${removed.code}" was removed.` });
    res.redirect(303, '/');
  });
  return router;
}
