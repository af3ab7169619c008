import { UserError } from '../../model/user-error.ts';

/** The address that a flag gives; a UserError when it is none, or holds a password: nothing sends one, and the run folder would keep it. */
export function parseTarget(flag: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.username !== '' || url.password !== ''))
    throw new UserError(`${flag} holds a user or a password, which is not sent: give the URL without them`);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new UserError(`${flag} ${text} is not a URL like http://127.0.0.1:8000 or http://127.0.0.1:8000/path`);
}
