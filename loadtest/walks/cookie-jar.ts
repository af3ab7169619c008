// The cookies of one user at one origin (RFC 6265).
import { isHere } from '../../model/is-here.ts';

type Cookie = {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  readonly expiresAt: number;
};

/** What holds for all users of an origin. */
export type CookieOrigin = {
  readonly host: string;
  /** Secure cookies are kept and sent: over TLS, and on this machine, as browsers do. */
  readonly secure: boolean;
};

export function cookieOrigin(origin: string): CookieOrigin {
  const url = new URL(origin);
  return { host: url.hostname, secure: url.protocol === 'https:' || isHere(url) };
}

export class CookieJar {
  readonly #origin: CookieOrigin;
  /** In the order of their creation. */
  #cookies: readonly Cookie[] = [];
  /** What is sent for any path at any time, where that is one text. */
  #always: string | undefined = '';
  /** Of all that the target has set or removed. */
  #names: readonly string[] = [];

  constructor(origin: CookieOrigin) {
    this.#origin = origin;
  }

  /** Takes a Set-Cookie header of the answer to a request for `path`; 5.2 and 5.3. */
  store(header: string, path: string, now = Date.now()): void {
    const cookie = parseSetCookie(header, path, this.#origin, now);
    if (!cookie) return;
    if (!this.#names.includes(cookie.name)) this.#names = [...this.#names, cookie.name];
    const isKept = cookie.expiresAt > now;
    if (this.#cookies.length === 0) this.#keep(isKept ? [cookie] : []);
    else this.#replace(cookie, isKept);
  }

  #replace(cookie: Cookie, isKept: boolean): void {
    const isOther = (each: Cookie): boolean =>
      each.name !== cookie.name || each.domain !== cookie.domain || each.path !== cookie.path;
    const place = this.#cookies.findIndex((each) => !isOther(each));
    const others = this.#cookies.filter(isOther);
    // One that replaces another keeps its age.
    const all = place < 0 ? [...others, cookie] : others.toSpliced(place, 0, cookie);
    this.#keep(isKept ? all : others);
  }

  #keep(cookies: readonly Cookie[]): void {
    this.#cookies = cookies;
    const isSimple = this.#cookies.every((each) => each.path === '/' && each.expiresAt === Number.POSITIVE_INFINITY);
    this.#always = isSimple ? join(this.#cookies) : undefined;
  }

  /**
   * The value of the Cookie header for a path, those of longer paths first; empty without any (5.4). `own`: of the request, before those of
   * the jar, as long as the target has not set or removed one of that name.
   */
  header(path: string, own = '', now?: number): string {
    const kept = this.#always ?? this.#headerAt(path, now ?? Date.now());
    if (own === '') return kept;
    const left = own.split(/;\s*/).filter((pair) => !this.#names.includes(pair.split('=', 1)[0] as string));
    return [...left, ...(kept === '' ? [] : [kept])].join('; ');
  }

  #headerAt(path: string, now: number): string {
    const sent = this.#cookies.filter((each) => each.expiresAt > now && matches(path, each.path));
    return join([...sent].sort((a, b) => b.path.length - a.path.length));
  }
}

function join(cookies: readonly Cookie[]): string {
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** Undefined for one that is to be ignored. */
function parseSetCookie(header: string, requestPath: string, origin: CookieOrigin, now: number): Cookie | undefined {
  const [pair = '', ...attributes] = header.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, equals).trim();
  if (equals < 0 || name === '') return undefined;
  const found: Record<string, string> = {};
  for (const attribute of attributes) {
    const at = attribute.indexOf('=');
    const key = (at < 0 ? attribute : attribute.slice(0, at)).trim().toLowerCase();
    found[key] = at < 0 ? '' : attribute.slice(at + 1).trim();
  }
  const domain = found.domain?.replace(/^\./, '').toLowerCase() || origin.host;
  const isForeign = domain !== origin.host && !isBelow(origin.host, domain);
  if (isForeign || (found.secure !== undefined && !origin.secure)) return undefined;
  return {
    name,
    value: pair.slice(equals + 1).trim(),
    domain,
    path: found.path?.startsWith('/') ? found.path : defaultPath(requestPath),
    expiresAt: expiryOf(found, now),
  };
}

/** An address has no domain above it. */
function isBelow(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`) && !/^[\d.]+$|^\[/.test(host);
}

/** Max-Age goes before Expires; what cannot be read is left out. */
function expiryOf({ 'max-age': maxAge, expires }: Readonly<Record<string, string>>, now: number): number {
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge))
    return Number(maxAge) > 0 ? now + Number(maxAge) * 1000 : Number.NEGATIVE_INFINITY;
  const at = expires === undefined ? Number.NaN : Date.parse(expires);
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}

/** The folder of a path (5.1.4). */
function defaultPath(path: string): string {
  const end = path.replace(/[?#].*/s, '').lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

function matches(requestPath: string, path: string): boolean {
  const own = requestPath.replace(/[?#].*/s, '');
  return own === path || (own.startsWith(path) && (path.endsWith('/') || own[path.length] === '/'));
}
