import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';

/** Answers requests that no route has handled. */
export const notFound: RequestHandler = (req, res) => {
  res.status(404);
  if (isForApi(req)) res.json({ error: 'Not found.' });
  else res.render('not-found');
};

/** Answers errors: a client's with what to correct, ours without internals, which go to the log. */
export function answerFailure(log: (line: string) => void): ErrorRequestHandler {
  return (error, req, res, _next) => {
    if (res.headersSent) {
      // Nothing can be answered any more. Express would log the stack of each aborted download.
      log(`${req.method} ${req.path} failed after its response had begun: ${(error as Error).message}`);
      res.destroy();
      return;
    }
    const status = statusOf(error);
    if (status === 500) log(`${req.method} ${req.path} failed: ${(error as Error).stack}`);
    // A store that cannot be reached says so in the log by itself.
    if ((error as Error).name === 'PrimaryBusy')
      log(`${req.method} ${req.path} was refused: ${(error as Error).message}`);
    const { retryAfterS } = error as { retryAfterS?: number };
    if (retryAfterS !== undefined) res.set('Retry-After', String(retryAfterS));
    answer(req, res.status(status), messageOf(status, error));
  };
}

function answer(req: Request, res: Response, text: string): void {
  if (isForApi(req)) res.json({ error: text });
  else res.render('error', { status: res.statusCode, text });
}

function isForApi(req: Request): boolean {
  return /^\/api(\/|$)/.test(req.path);
}

function statusOf(error: unknown): number {
  const { status, code } = error as { status?: unknown; code?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 600) return status;
  if (code === 'LIMIT_FILE_SIZE') return 413;
  if (typeof code === 'string' && code.startsWith('LIMIT_')) return 400;
  // To a visitor, a full or read-only file system is the same as an unavailable store.
  return code === 'ENOSPC' || code === 'EROFS' || code === 'EDQUOT' ? 503 : 500;
}

function messageOf(status: number, error: unknown): string {
  if ((error as Error).name === 'RequestRefused') return (error as Error).message;
  // The type that express.json gives to a syntax error.
  if ((error as { type?: unknown }).type === 'entity.parse.failed') return 'The request body is not valid JSON.';
  const messages: Record<number, string> = {
    400: 'The request is malformed. Submit the form again.',
    413: 'The request is too large. Send a smaller file or form.',
    415: 'This content type is not supported.',
    500: 'An internal error occurred. Try again in a moment.',
    503: 'The service is temporarily unavailable. Try again in a moment.',
  };
  return messages[status] ?? 'The request cannot be processed. Check it and try again.';
}
