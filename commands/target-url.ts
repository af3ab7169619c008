import { UserError } from '../model/user-error.ts';

/** The address that a flag gives; a UserError when it is none. */
export function parseTarget(flag: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new UserError(`${flag} ${text} is not a URL like http://127.0.0.1:8000 or http://127.0.0.1:8000/path`);
}
