// What is sent: the shortener's own mix, or one GET of any web app.
import type { Route } from '../../model/profile.ts';
import { UserError } from '../../model/user-error.ts';
import { readWholeFile } from '../walks/whole-file.ts';

/** Of the requests to the shortener, in percent: reads outnumber everything else by far. */
const share = { redirect: 90, home: 7, miss: 3 } as const;

/** 2xx and 3xx: the statuses that are a success by default. */
export const usualSuccess = Array.from({ length: 200 }, (_, index) => 200 + index);

/** The shortener's request mix over these codes. */
export function shortenerMix(codes: readonly string[]): Route[] {
  const route = (name: string, path: string, weight: number, expect: number[]): Route => ({
    name,
    method: 'GET',
    path,
    weight,
    headers: {},
    expect,
  });
  return [
    ...codes.map((code) => route('redirect', `/${encodeURIComponent(code)}`, share.redirect, [302])),
    route('home', '/', share.home * codes.length, [200]),
    route('miss', '/no-such-code', share.miss * codes.length, [404]),
  ];
}

/** The profile's own routes; `{code}` in a path stands for every seeded code, which share the route's weight. */
export function profileMix(routes: readonly Route[], codes: readonly string[]): Route[] {
  return routes.flatMap((route) =>
    route.path.includes('{code}')
      ? codes.map((code) => ({ ...route, path: route.path.replaceAll('{code}', encodeURIComponent(code)) }))
      : [{ ...route, weight: route.weight * Math.max(1, codes.length) }],
  );
}

/** GET of a path with its query as given, whatever answers there. */
export function pageRoute(path: string, expect: readonly number[] | undefined): Route {
  const name = `GET ${path.split('?', 1)[0]}`;
  return { name, method: 'GET', path, weight: 1, headers: {}, expect: [...(expect ?? usualSuccess)] };
}

/** The links of a `urls.json`: where each code must lead, or undefined for a stored file. A wrong file is an error that names line and key. */
export function readLinks(
  urlsFile: string,
): Record<string, { readonly url?: string | undefined; readonly file?: string | undefined }> {
  let text: string;
  try {
    text = readWholeFile(urlsFile).toString();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${urlsFile} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  let links: unknown;
  try {
    links = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${urlsFile} is not JSON: ${(cause as Error).message}${lineOf(text, cause as Error)}`, {
      cause,
    });
  }
  if (typeof links !== 'object' || links === null || Array.isArray(links) || Object.keys(links).length === 0) {
    throw new UserError(
      `${urlsFile} must be an object with at least one code, like {"go": {"url": "http://google.com"}}`,
    );
  }
  for (const [code, link] of Object.entries(links)) {
    const { url, file } = (link ?? {}) as { url?: unknown; file?: unknown };
    if (typeof url !== 'string' && typeof file !== 'string') {
      const line = text.slice(0, text.indexOf(JSON.stringify(code))).split('\n').length;
      throw new UserError(`${urlsFile} line ${line}: "${code}" must be {"url": "..."} or {"file": "..."}`);
    }
  }
  return links as ReturnType<typeof readLinks>;
}

/** V8 says the position in newer versions only as an offset. */
function lineOf(text: string, error: Error): string {
  const offset = /position (\d+)/.exec(error.message)?.[1];
  return offset === undefined || /line \d+/.test(error.message)
    ? ''
    : ` (line ${text.slice(0, Number(offset)).split('\n').length})`;
}
