/** A URL that may be stored, or why it is refused. */
type TargetUrl = { readonly url: string } | { readonly problem: string };

const MAX_URL_LENGTH = 2048;
// What a Location header can hold unchanged; any other URL is stored percent-encoded.
const PLAIN = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/;

/** Checks a URL to be shortened; `ownHost` is the host[:port] of this site. */
export function checkTargetUrl(text: string, ownHost?: string): TargetUrl {
  if (text === '') return { problem: 'Enter a URL.' };
  if (text.length > MAX_URL_LENGTH) return { problem: `Use a URL of at most ${MAX_URL_LENGTH} characters.` };
  // The URL parser drops these silently, so another URL than the entered one would be stored.
  if (/\p{Cc}/u.test(text)) return { problem: 'Remove the control characters from the URL.' };
  if (!/^https?:/i.test(text)) return { problem: 'Start the URL with http:// or https://.' };
  if (!URL.canParse(text)) return { problem: 'Enter a complete URL, such as https://example.org/page.' };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return { problem: 'Remove the user name and password from the URL.' };
  // A host name with a trailing dot is the same host.
  if (ownHost && url.host.replace(/\.(?=:|$)/, '') === ownHost.toLowerCase())
    return { problem: 'Enter a URL of another site.' };
  const stored = PLAIN.test(text) ? text : url.href;
  // A Location header that nginx passes on, and an export that can be imported again.
  if (stored.length > MAX_URL_LENGTH)
    return {
      problem: `Use a URL of at most ${MAX_URL_LENGTH} characters: percent-encoded, this one has ${stored.length}.`,
    };
  return { url: stored };
}
