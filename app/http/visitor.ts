import cookieSession from 'cookie-session';
import type { Request, RequestHandler } from 'express';
import { nanoid } from 'nanoid';

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** A message for the next page that this visitor sees. */
export interface Flash {
  readonly kind: 'error' | 'info';
  readonly text: string;
  /** What was typed as the address. */
  readonly url?: string;
}

/** Reads and writes the signed cookie that makes a visitor known again; one who creates nothing gets no cookie. */
export function visitorCookie(secret: string): RequestHandler {
  return cookieSession({ name: 'visitor', keys: [secret], maxAge: YEAR_MS, httpOnly: true, sameSite: 'lax' });
}

/** The id of the visitor, if known. */
export function visitorOf(req: Request): string | undefined {
  const id: unknown = req.session?.id;
  return typeof id === 'string' ? id : undefined;
}

/** The id of the visitor, made now if not known. */
export function knownVisitor(req: Request): string {
  const id = visitorOf(req) ?? nanoid();
  if (req.session) req.session.id = id;
  return id;
}

/** Leaves a message for the next page. */
export function leaveFlash(req: Request, flash: Flash): void {
  if (req.session) req.session.flash = flash;
}

/** Takes the message that was left, so that it shows once. */
export function takeFlash(req: Request): Flash | undefined {
  const flash: Flash | undefined = req.session?.flash;
  if (flash && req.session) req.session.flash = undefined;
  return flash;
}
