import { createWriteStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler } from 'express';
import type { StorageEngine } from 'multer';
import type { Upload } from '../links/create-link.ts';
import { cleanFileName } from '../links/file-name.ts';
import type { FileStore } from '../links/file-store.ts';
import { RequestRefused } from './creation-guard.ts';

/** Reads a multipart form with at most one file, which is streamed to disk. */
export function readUpload(files: FileStore, maxBytes: number): RequestHandler {
  // Loaded on the first upload, to keep the start fast.
  const load = async (): Promise<RequestHandler> => {
    const { default: multer } = await import('multer');
    const limits = { fileSize: maxBytes, files: 1, fields: 10, fieldSize: 8192, fieldNameSize: 100, parts: 12 };
    return multer({ storage: streamTo(files), limits, defParamCharset: 'utf8' }).single('file');
  };
  let loading: Promise<RequestHandler> | undefined;
  return async (req, res, next) => {
    if (!req.is('multipart')) return next();
    loading ??= load();
    const read = await loading;
    const giveBack = await files.takeRoom(maxBytes);
    if (!giveBack) throw new RequestRefused(503, 'This site has no space left for files. Try again later.', 60);
    read(req, res, (error: unknown) => {
      giveBack(req.file?.size ?? 0);
      next(error === undefined ? undefined : asRefusal(error));
    });
  };
}

// The form parser throws errors without a code for malformed forms; errors of limits and of the file system have one.
function asRefusal(error: unknown): unknown {
  if ((error as { code?: unknown }).code !== undefined) return error;
  return new RequestRefused(400, 'The form is malformed. Submit it again from the page.');
}

function streamTo(files: FileStore): StorageEngine {
  return {
    _handleFile(_req, file, done) {
      const path = files.newPartPath();
      // On disk before its link is, which is there after a power cut.
      const out = createWriteStream(path, { flags: 'wx', flush: true });
      pipeline(file.stream, out).then(
        () => done(null, { path, size: out.bytesWritten }),
        (cause) => {
          unlink(path).then(
            () => done(cause),
            () => done(cause),
          );
        },
      );
    },
    _removeFile(_req, file, done) {
      unlink(file.path).then(() => done(null), done);
    },
  };
}

/** The uploaded file, not yet stored; undefined when the form had no file. */
export function uploadIn(req: Request): Upload | undefined {
  return req.file && { partPath: req.file.path, original: cleanFileName(req.file.originalname) };
}
