import { Router } from 'express';
import type { FileStore } from '../links/file-store.ts';
import { storedFileType } from '../links/file-type.ts';

const STORED_NAME = /^[\w-]+\.[\w-]+\.[a-z]+$/;

/** Serves uploaded files so that none of them can run scripts as this site. */
export function fileRoutes(files: FileStore): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/files/:name', (req, res, next) => {
    const { name } = req.params;
    if (!STORED_NAME.test(name) || name.endsWith('.part')) return next();
    const { contentType, inline } = storedFileType(name);
    res.set({
      'Content-Type': contentType,
      'Content-Disposition': inline ? 'inline' : 'attachment',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    res.sendFile(name, { root: files.folder, maxAge: '1h', dotfiles: 'deny' }, (error) => {
      if (!error) return;
      if ((error as { status?: number }).status !== 404) return next(error);
      next();
    });
  });
  return router;
}
