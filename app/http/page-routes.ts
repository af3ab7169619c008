import { type Request, type Response, Router, urlencoded } from 'express';
import { MAX_CODE_LENGTH } from '../links/code.ts';
import { createLink, type Outcome } from '../links/create-link.ts';
import type { FileStore } from '../links/file-store.ts';
import { destinationOf } from '../links/link.ts';
import type { LinkStore } from '../links/store.ts';
import { limitCreations, refuseOtherOrigins } from './creation-guard.ts';
import { hostOf } from './short-url.ts';
import { readUpload, uploadIn } from './upload.ts';
import { ensureVisitor, leaveFlash, takeFlash, visitorOf } from './visitor.ts';

/** What the pages need. */
export interface PageParts {
  readonly store: LinkStore;
  readonly files: FileStore;
  readonly maxUploadBytes: number;
  /** Seconds until this address may create a link; 0 means now. */
  readonly creationWaitS: (address: string) => Promise<number>;
}

const LISTED_CODES = 60;
// With the rest of the cookie in Base64, below the 4,096 bytes that browsers keep.
const LONGEST_KEPT_URL_BYTES = 2200;

/** The home page with its two forms, and what they create. */
export function pageRoutes({ store, files, maxUploadBytes, creationWaitS }: PageParts): Router {
  const maxUploadMb = Math.floor(maxUploadBytes / 1024 / 1024);
  const router = Router({ caseSensitive: true, strict: true });

  const withDestinations = async (codes: readonly string[]) => {
    const links = await Promise.all(codes.map((code) => store.find(code)));
    return links.flatMap((link) => (link ? [{ code: link.code, destination: destinationOf(link.location) }] : []));
  };

  router.get('/', async (req, res) => {
    const visitor = visitorOf(req);
    const codes = visitor ? await store.codesOf(visitor) : [];
    const latest = await withDestinations(codes.slice(-LISTED_CODES).reverse());
    const older = Math.max(0, codes.length - LISTED_CODES);
    res.render('home', { latest, older, flash: takeFlash(req), host: hostOf(req), maxUploadMb });
  });

  router.get('/your-url', (_req, res) => res.redirect('/'));

  router.post(
    '/your-url',
    refuseOtherOrigins,
    limitCreations(creationWaitS),
    urlencoded({ extended: false, limit: '16kb', parameterLimit: 20 }),
    readUpload(files, maxUploadBytes),
    async (req, res) => {
      const upload = uploadIn(req);
      const ownHost = req.get('host');
      const outcome = await createLink(store, files, {
        code: fieldOf(req, 'code'),
        url: fieldOf(req, 'url'),
        owner: ensureVisitor(req),
        upload,
        expectsFile: Boolean(req.is('multipart')) && req.body?.url === undefined,
        ...(ownHost && { ownHost }),
      }).finally(() => upload && files.removePart(upload.partPath));
      showOutcome(req, res, outcome);
    },
  );

  return router;
}

// By 303, so that reloading the page of the new link creates no second one.
function showOutcome(req: Request, res: Response, outcome: Outcome): void {
  if (outcome.status === 'created') {
    leaveFlash(req, { created: outcome.link.code });
    res.redirect(303, `/${outcome.link.code}+`);
    return;
  }
  const form = req.is('multipart') ? 'file' : 'url';
  const again = form === 'file' ? ' Choose the file again.' : '';
  const errors =
    outcome.status === 'taken'
      ? { code: `The short name "${outcome.code}" is already taken. Choose another one.${again}` }
      : Object.fromEntries(outcome.errors.map(({ field, message }) => [field, message]));
  const url = fieldOf(req, 'url');
  // The URL is put back into the form if it fits into the cookie.
  const fits = Buffer.byteLength(JSON.stringify(url)) <= LONGEST_KEPT_URL_BYTES;
  const code = fieldOf(req, 'code').slice(0, MAX_CODE_LENGTH);
  leaveFlash(req, { refused: { form, errors, code, ...(fits && { url }) } });
  // 302 and not 303, which clients of the predecessor do not expect.
  res.redirect('/');
}

function fieldOf(req: Request, name: string): string {
  const value: unknown = req.body?.[name];
  return typeof value === 'string' ? value.trim() : '';
}
