import { UserError } from '../../model/user-error.ts';

/** Parses the URL of a flag. Throws a UserError when it is not one, or holds a password, which the run folder would keep. */
export function parseTarget(flag: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (/^(https?:\/\/unix:|http\+unix:|unix:|\.?\/)/.test(text))
    throw new UserError(
      `${flag} ${text} is a path or a Unix socket, which headroom does not load. Give the app a TCP port: http://127.0.0.1:PORT/`,
    );
  if (url && (url.username !== '' || url.password !== ''))
    throw new UserError(
      `${flag} contains a user name or a password, which headroom does not send. Give the URL without them`,
    );
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  const lacksScheme = /^[\w.-]+(:\d+)?(\/.*)?$/.test(text) && URL.canParse(`http://${text}`);
  const example = lacksScheme ? new URL(`http://${text}`).href : 'http://127.0.0.1:8000/path';
  throw new UserError(`${flag} ${text} is not an http or https URL. Give one like ${example}`);
}
