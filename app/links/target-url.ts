/** A URL that may be stored, or why it is refused. */
type TargetUrl = { readonly url: string } | { readonly problem: string };

const MAX_URL_LENGTH = 2048;
// What a Location header can hold unchanged; any other URL is stored percent-encoded.
const PLAIN = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/;
// Without the slashes a browser would resolve it against this site: `http:abc` is a path here.
const ABSOLUTE = /^https?:\/\/[^/]/i;
/** What other shorteners allowed and no browser executes: such links can be imported. */
const IMPORTED_SCHEMES = /^(ftps?|sftp|mailto):./i;
const LOOPBACK =
  /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]|0\.0\.0\.0|\[::\])$/;

/** Checks a URL to be shortened; `ownHost` is the host[:port] of this site. */
export function checkTargetUrl(text: string, ownHost?: string): TargetUrl {
  if (text === '') return { problem: 'Enter a URL.' };
  if (text.length > MAX_URL_LENGTH) return { problem: `Use a URL of at most ${MAX_URL_LENGTH} characters.` };
  // The URL parser drops these silently, so another URL than the entered one would be stored.
  if (/\p{Cc}/u.test(text)) return { problem: 'Remove the control characters from the URL.' };
  if (!/^https?:/i.test(text)) return { problem: 'Start the URL with http:// or https://.' };
  return stored(text, ownHost);
}

/** Checks a URL to be imported: also one of another scheme, such as ftp:. */
export function checkImportedUrl(text: string): TargetUrl {
  if (IMPORTED_SCHEMES.test(text) && !/\p{Cc}/u.test(text)) return stored(text);
  return checkTargetUrl(text);
}

function stored(text: string, ownHost?: string): TargetUrl {
  if (!URL.canParse(text)) return { problem: 'Enter a complete URL, such as https://example.org/page.' };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return { problem: 'Remove the user name and password from the URL.' };
  if (ownHost && isSameSite(url, ownHost)) return { problem: 'Enter a URL of another site.' };
  const kept = PLAIN.test(text) && (ABSOLUTE.test(text) || IMPORTED_SCHEMES.test(text)) ? text : url.href;
  // A Location header that nginx passes on, and an export that can be imported again.
  if (kept.length > MAX_URL_LENGTH)
    return {
      problem: `Use a URL of at most ${MAX_URL_LENGTH} characters: percent-encoded, this one has ${kept.length}.`,
    };
  return { url: kept };
}

/** Whether a URL is of the site that is addressed by this Host header. */
function isSameSite(url: URL, ownHost: string): boolean {
  if (!URL.canParse(`http://${ownHost}`)) return false;
  const own = new URL(`http://${ownHost}`);
  // The parser drops :80. Without a port it may be that of either scheme: a proxy in front may end https.
  const ports = own.port === '' ? ['80', '443'] : [own.port];
  return nameOf(url) === nameOf(own) && ports.includes(url.port || (url.protocol === 'https:' ? '443' : '80'));
}

/** A trailing dot and the many names of this machine make no other host. */
function nameOf({ hostname }: URL): string {
  const name = hostname.replace(/\.$/, '');
  return LOOPBACK.test(name) ? 'localhost' : name;
}
