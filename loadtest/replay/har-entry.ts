// One entry of a HAR file (http://www.softwareishard.com/blog/har-12-spec/) -> a step of a walk, or why it is none. Browsers add fields of
// their own, which begin with an underscore.
import * as z from 'zod';
import { methodSchema, type WalkStep } from '../../model/walk.ts';
import { secretName } from '../walks/secret-name.ts';
import { escapeTemplate } from '../walks/template.ts';

const pair = z.object({ name: z.string(), value: z.string().catch('') });
const headers = z.array(pair).catch([]);

export const harEntrySchema = z.object({
  startedDateTime: z.string().catch(''),
  /** In ms. */
  time: z.number().nonnegative().catch(0),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers,
    bodySize: z.number().catch(0),
    postData: z
      .object({
        mimeType: z.string().catch(''),
        text: z.string().exactOptional().catch(''),
        encoding: z.string().exactOptional().catch(''),
        params: z
          .array(pair.extend({ fileName: z.string().exactOptional() }))
          .exactOptional()
          .catch([]),
      })
      .nullish(),
  }),
  response: z.object({
    status: z.number().catch(0),
    headers,
    _fetchedViaServiceWorker: z.boolean().exactOptional().catch(false),
  }),
  /** Chrome: `memory` or `disk`. */
  _fromCache: z.string().nullish().catch(undefined),
  /** Safari: `Memory Cache` and the like. */
  _fetchType: z.string().nullish().catch(undefined),
});
export type HarEntry = z.infer<typeof harEntrySchema>;

/** Why an entry is not sent. */
export type LeftOut =
  | 'otherHosts'
  | 'schemeRedirects'
  | 'noHttp'
  | 'noResponse'
  | 'fromCache'
  | 'otherMethods'
  | 'withoutBody';

/** The origin that it went to; undefined for what is no HTTP (ws:, data:, blob:). */
export function originOf({ request }: HarEntry): string | undefined {
  if (!/^https?:/i.test(request.url) || !URL.canParse(request.url)) return undefined;
  return new URL(request.url).origin;
}

/** Where its answer leads, without a fragment; undefined: nowhere. */
export function redirectOf({ request, response }: HarEntry): URL | undefined {
  const location = response.headers.find(({ name }) => name.toLowerCase() === 'location')?.value;
  if (response.status < 300 || response.status > 399 || !location || !URL.canParse(location, request.url))
    return undefined;
  const url = new URL(location, request.url);
  url.hash = '';
  return url;
}

/** http and https of one host are one site. */
export function isSameSite(origin: string, other: string): boolean {
  return new URL(origin).host === new URL(other).host;
}

const methods: readonly string[] = methodSchema.unwrap().options;

/**
 * Of the site that is recorded. `origin`: of the target, which takes its place in Origin and Referer. `isTrusted`: the target may see the
 * credentials.
 */
export function stepOf(
  entry: HarEntry,
  own: string,
  origin: string,
  isTrusted: boolean,
): Omit<WalkStep, 'name'> | LeftOut {
  const { request, response } = entry;
  const recorded = originOf(entry);
  if (recorded === undefined || response.status === 101) return 'noHttp';
  if (!isSameSite(recorded, own)) return 'otherHosts';
  if (recorded !== own && redirectOf(entry)?.origin === own) return 'schemeRedirects';
  const isCached = entry._fromCache || /cache|service worker/i.test(entry._fetchType ?? '');
  if (isCached || response._fetchedViaServiceWorker) return 'fromCache';
  if (response.status < 200 || response.status > 599) return 'noResponse';
  const method = request.method.toUpperCase();
  if (!methods.includes(method)) return 'otherMethods';
  const body = bodyOf(request);
  if (body === 'withoutBody') return body;
  const { pathname, search } = new URL(request.url);
  return {
    method: method as WalkStep['method'],
    path: escapeTemplate(`${pathname}${search}`),
    headers: headersOf(request, own, origin, isTrusted),
    ...(body !== undefined && { body: escapeTemplate(body) }),
    // Whoever has a copy asks whether it is new; a new visitor has none.
    expect: response.status === 304 ? [200, 304] : [response.status],
  };
}

/** Of the connection, of the browser's cache, or made for each request; sec-* and names of HTTP/2 (`:path`) as well. */
const notSent =
  /^(:.*|sec-.*|host|connection|proxy-.*|content-length|transfer-encoding|te|expect|keep-alive|upgrade|upgrade-insecure-requests|cookie|if-.*|priority|http2-settings)$/i;

function headersOf({ headers }: HarEntry['request'], own: string, origin: string, isTrusted: boolean) {
  const sent: Record<string, string> = {};
  for (const { name, value } of headers) {
    if (notSent.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) continue;
    if (!isTrusted && secretName.test(name)) continue;
    sent[name.toLowerCase()] = escapeTemplate(/^(origin|referer)$/i.test(name) ? moved(value, own, origin) : value);
  }
  return sent;
}

/** Names of the headers with which a request shows who sends it, without cookies. */
export function credentialsOf({ headers }: HarEntry['request']): string[] {
  const names = headers.map(({ name }) => name.toLowerCase());
  return names.filter((name) => !notSent.test(name) && secretName.test(name));
}

/** A URL of the site, or its origin, at another origin. */
function moved(value: string, own: string, origin: string): string {
  if (!/^https?:/i.test(value) || !URL.canParse(value)) return value;
  const url = new URL(value);
  return isSameSite(url.origin, own) ? value.replace(/^https?:\/\/[^/?#]*/i, () => origin) : value;
}

/** Undefined: it has none. Not every browser saves the files of a form, and what is no text cannot be sent. */
function bodyOf({ postData, bodySize }: HarEntry['request']): string | undefined | 'withoutBody' {
  if (!postData) return bodySize > 0 ? 'withoutBody' : undefined;
  const { mimeType, text = '', encoding, params = [] } = postData;
  if (encoding === 'base64') return decode(text) ?? 'withoutBody';
  if (text !== '') return text.includes('\uFFFD') ? 'withoutBody' : text;
  if (params.length > 0 && /urlencoded/i.test(mimeType))
    return new URLSearchParams(
      params.map(({ name, value }): [string, string] => [plain(name), plain(value)]),
    ).toString();
  return bodySize > 0 || params.length > 0 ? 'withoutBody' : undefined;
}

/** Firefox and Chrome keep the escapes of a form in its params. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function decode(base64: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
