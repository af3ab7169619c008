import { json, type Request, type Response, Router } from 'express';
import { createLink, type Outcome } from '../links/create-link.ts';
import { fileOf, type Link } from '../links/link.ts';
import { apiPage } from './api-page.ts';
import { limitCreations, RequestRefused, refuseOtherOrigins } from './creation-guard.ts';
import { openApiDocument } from './openapi.ts';
import type { PageParts } from './page-routes.ts';
import { shortUrl, siteOf } from './short-url.ts';
import { ensureVisitor, visitorOf } from './visitor.ts';

/** The JSON API: the same operations as the forms. Errors are `{error, fields?}`. */
export function linkApi({ store, files, creationWaitS }: PageParts): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.get('/openapi.json', (_req, res) => {
    res.json(openApiDocument);
  });

  router.get('/api/docs', (req, res) => res.render('api', apiPage(siteOf(req))));

  router.get('/api', async (req, res) => {
    const visitor = visitorOf(req);
    res.json(visitor ? await store.codesOf(visitor) : []);
  });

  router.post(
    '/api/links',
    refuseOtherOrigins,
    limitCreations(creationWaitS),
    json({ limit: '16kb' }),
    async (req, res) => {
      const ownHost = req.get('host');
      if (req.body === undefined) throw new RequestRefused(415, 'Send the link with Content-Type: application/json.');
      const request = { code: textOf(req, 'code'), url: textOf(req, 'url'), ...(ownHost && { ownHost }) };
      const outcome = await createLink(store, files, { ...request, owner: ensureVisitor(req) });
      answerOutcome(req, res, outcome);
    },
  );

  router.get('/api/links/:code', async (req, res) => {
    const link = await store.find(req.params.code);
    if (link) res.json(linkBody(req, link, await store.visitsOf(link.code)));
    else answerError(res, 404, 'There is no link with this code.');
  });

  router.delete('/api/links/:code', refuseOtherOrigins, async (req: Request<{ code: string }>, res) => {
    const { code } = req.params;
    const visitor = visitorOf(req);
    const removed = visitor && (await store.remove(code, visitor));
    if (removed) {
      const file = fileOf(removed.location);
      if (file) await files.remove(file.stored);
      res.status(204).end();
    } else if (await store.find(code)) answerError(res, 403, 'Only the visitor who created a link can delete it.');
    else answerError(res, 404, 'There is no link with this code.');
  });

  return router;
}

function answerOutcome(req: Request, res: Response, outcome: Outcome): void {
  if (outcome.status === 'created') {
    const body = JSON.stringify(linkBody(req, outcome.link, 0));
    // Faster than res.json, which would derive the type, length and charset.
    res.writeHead(201, {
      Location: `/api/links/${outcome.link.code}`,
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
    });
    res.end(body);
  } else if (outcome.status === 'taken') answerError(res, 409, `The short name "${outcome.code}" is already taken.`);
  else {
    const fields = Object.fromEntries(outcome.errors.map(({ field, message }) => [field, message]));
    res.status(422).json({ error: 'Some fields are invalid.', fields });
  }
}

function linkBody(req: Request, link: Link, visits: number): object {
  const isFile = fileOf(link.location) !== undefined;
  return {
    code: link.code,
    shortUrl: shortUrl(req, link.code),
    url: isFile ? `${siteOf(req)}${link.location}` : link.location,
    createdAt: link.createdAt,
    visits,
  };
}

function answerError(res: Response, status: number, error: string): void {
  res.status(status).json({ error });
}

// A field that is not a string gets the same message as an invalid string.
function textOf(req: Request, name: string): string {
  const value: unknown = req.body?.[name];
  // Not as JSON: a body of brackets alone is nested deeper than the stack.
  return value === undefined || value === null ? '' : typeof value === 'object' ? '{}' : String(value);
}
