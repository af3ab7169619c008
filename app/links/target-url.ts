/** A URL that may be stored, or what is wrong with the text. */
export type TargetUrl = { readonly url: string } | { readonly problem: string };

const MAX_URL_LENGTH = 2048;
// What may stand in a Location header as it was typed; anything else is stored in its percent-encoded form.
const PLAIN = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/;

/** Checks a URL that somebody wants to shorten; `ownHost` is the host[:port] of this site. */
export function checkTargetUrl(text: string, ownHost?: string): TargetUrl {
  if (text === '') return { problem: 'Enter the address of a website.' };
  if (text.length > MAX_URL_LENGTH) return { problem: `Use an address of at most ${MAX_URL_LENGTH} characters.` };
  // The URL parser drops these without a word, so what is stored would not be what was typed.
  if (/\p{Cc}/u.test(text)) return { problem: 'Remove the control characters from the address.' };
  if (!/^https?:/i.test(text)) return { problem: 'Start the address with http:// or https://.' };
  if (!URL.canParse(text)) return { problem: 'Enter a whole address, such as https://example.org/page.' };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    return { problem: 'Remove the user name and password from the address.' };
  // A name with a dot at its end is the same host.
  if (ownHost && url.host.replace(/\.(?=:|$)/, '') === ownHost.toLowerCase())
    return { problem: 'This address is already on this site.' };
  return { url: PLAIN.test(text) ? text : url.href };
}
