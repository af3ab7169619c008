import { type Request, Router } from 'express';
import { codeOfFile, disposition, nameByCode } from '../links/file-name.ts';
import type { FileStore } from '../links/file-store.ts';
import { storedFileType } from '../links/file-type.ts';
import { fileLocation } from '../links/link.ts';
import type { LinkStore } from '../links/store.ts';

const STORED_NAME = /^~?[\w-]+\.[\w-]+\.[a-z]+$/;
// The client has closed the connection, or asked for a part that does not exist after the headers were sent.
const CLIENT_GONE = new Set(['ECONNABORTED', 'ECONNRESET', 'EPIPE']);

/** Serves uploaded files so that none of them can run scripts as this site. */
export function fileRoutes(files: FileStore, store: LinkStore): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/files/:stored{/:original}', async (req: Request<{ stored: string; original?: string }>, res, next) => {
    const { stored, original } = req.params;
    if (!STORED_NAME.test(stored) || stored.endsWith('.part')) return next();
    // A file has only the name that it was uploaded with, so that an address cannot give it another one.
    if (original !== undefined && !(await isLinked(store, stored, original))) return next();
    const { contentType, inline } = storedFileType(stored);
    const name = original ?? nameByCode(codeOfFile(stored), stored);
    const headers = {
      'Content-Type': contentType,
      'Content-Disposition': disposition(inline ? 'inline' : 'attachment', name),
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cache-Control': 'public, max-age=3600',
    };
    res.sendFile(stored, { root: files.folder, headers, cacheControl: false, dotfiles: 'deny' }, (error) => {
      if (!error || CLIENT_GONE.has((error as NodeJS.ErrnoException).code ?? '')) return;
      if ((error as { status?: number }).status !== 404) return next(error);
      next();
    });
  });
  return router;
}

async function isLinked(store: LinkStore, stored: string, original: string): Promise<boolean> {
  const link = await store.find(codeOfFile(stored));
  return link?.location === fileLocation({ stored, original });
}
