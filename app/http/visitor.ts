import cookieSession from 'cookie-session';
import type { Request, RequestHandler } from 'express';
import { nanoid } from 'nanoid';

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** What the visitor's next page says, once. */
interface Flash {
  readonly text?: string;
  /** The code of the link that was just created. */
  readonly created?: string;
  readonly refused?: RefusedForm;
}

/** A form that created nothing: what was wrong by field, and what was entered. */
interface RefusedForm {
  readonly form: 'url' | 'file';
  readonly errors: { readonly code?: string; readonly url?: string };
  readonly code: string;
  readonly url?: string;
}

/** Reads and writes the signed cookie that identifies a visitor. Visitors who create nothing get no cookie. */
export function visitorCookie(secret: string): RequestHandler {
  return cookieSession({ name: 'visitor', keys: [secret], maxAge: YEAR_MS, httpOnly: true, sameSite: 'lax' });
}

/** The id of the visitor; undefined before the first creation. */
export function visitorOf(req: Request): string | undefined {
  const id: unknown = req.session?.id;
  return typeof id === 'string' ? id : undefined;
}

/** The id of the visitor, created now if there is none. */
export function ensureVisitor(req: Request): string {
  const id = visitorOf(req) ?? nanoid();
  if (req.session) req.session.id = id;
  return id;
}

/** Leaves a message for the next page. */
export function leaveFlash(req: Request, flash: Flash): void {
  if (req.session) req.session.flash = flash;
}

/** Removes and returns the message, so that it is shown once. */
export function takeFlash(req: Request): Flash | undefined {
  const flash: Flash | undefined = req.session?.flash;
  if (flash && req.session) req.session.flash = undefined;
  return flash;
}
