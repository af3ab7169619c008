import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';

/** Answers what no route knows. */
export const notFound: RequestHandler = (req, res) => {
  res.status(404);
  if (isForApi(req)) res.json({ error: 'There is nothing at this address.' });
  else res.render('not-found');
};

/** Answers errors: what the client did wrong in words, what we did wrong without a trace of our insides. */
export function answerFailure(log: (line: string) => void): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    if (status === 500) log(`${req.method} ${req.path} failed: ${(error as Error).stack}`);
    const { retryAfterS } = error as { retryAfterS?: number };
    if (retryAfterS !== undefined) res.set('Retry-After', String(retryAfterS));
    answer(req, res.status(status), sentence(status, error));
  };
}

function answer(req: Request, res: Response, text: string): void {
  if (isForApi(req)) res.json({ error: text });
  else res.render('error', { status: res.statusCode, text });
}

function isForApi(req: Request): boolean {
  return req.path.startsWith('/api/');
}

function statusOf(error: unknown): number {
  const { status, code } = error as { status?: unknown; code?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 600) return status;
  if (code === 'LIMIT_FILE_SIZE') return 413;
  if (typeof code === 'string' && code.startsWith('LIMIT_')) return 400;
  // A file system that is full or read-only is the same to a visitor as a store that cannot be written.
  return code === 'ENOSPC' || code === 'EROFS' || code === 'EDQUOT' ? 503 : 500;
}

function sentence(status: number, error: unknown): string {
  if ((error as Error).name === 'RequestRefused') return (error as Error).message;
  // What express.json calls it.
  if ((error as { type?: unknown }).type === 'entity.parse.failed')
    return 'The body is not valid JSON. Mend it and send it again.';
  const sentences: Record<number, string> = {
    400: 'The request is not well formed. Send it again from the form.',
    413: 'What you sent is too large. Send something smaller.',
    415: 'This kind of content is not taken here.',
    500: 'Something broke on our side. Wait a moment and try again.',
    503: 'The links cannot be reached right now. Wait a moment and try again.',
  };
  return sentences[status] ?? 'The request cannot be answered. Check it and send it again.';
}
