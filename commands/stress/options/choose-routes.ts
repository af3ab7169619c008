// Which requests a run sends.
import { pageRoute, profileMix, readLinks, shortenerMix } from '../../../loadtest/profiles/request-mix.ts';
import type { Route } from '../../../model/profile.ts';
import { UserError } from '../../../model/user-error.ts';
import { asRequested, isOwnRequest, withHeaders } from '../flags/request-flags.ts';
import type { Replay } from './read-replay.ts';
import type { StressOptions } from './stress-options.ts';

export type ChosenRoutes = {
  readonly routes: Route[];
  /** Where a redirect must lead, by path, when the target has to be the shortener. */
  readonly redirects: Readonly<Record<string, string>>;
};

type Options = Pick<
  StressOptions,
  'profile' | 'target' | 'app' | 'paths' | 'expect' | 'request' | 'urlsFile' | 'isShortener'
> &
  Partial<Pick<StressOptions, 'replay'>>;

/** Whether the target is one page: its URL as given, unless the profile has routes for a bare origin, or the target is the shortener. */
export function isOnePage(options: Omit<Options, 'urlsFile' | 'app'>): boolean {
  const { profile, target, paths, expect, request, isShortener } = options;
  if (target === undefined) return false;
  if (paths) return true;
  return !isBare(target) || (!profile.routes && (expect !== undefined || isOwnRequest(request) || !isShortener));
}

/** Whether the target may be the shortener: nothing else says what to send, and its URL is an origin. */
export function mayBeShortener({
  profile,
  target,
  paths,
  expect,
  request,
  replay,
}: Pick<Options, 'profile' | 'target' | 'paths' | 'expect' | 'request' | 'replay'>): boolean {
  const isAsked = [replay, paths, expect].some((each) => each !== undefined) || isOwnRequest(request);
  return target !== undefined && isBare(target) && !profile.routes && !isAsked;
}

function isBare({ pathname, search }: URL): boolean {
  return pathname === '/' && search === '';
}

/**
 * The profile's own routes, the page of --target, or the shortener's mix over the seeded codes. Throws a UserError when two of them
 * were given, or --expect, --method or --body without a page. All get the headers of the command line.
 */
export function chooseRoutes(options: Options): ChosenRoutes {
  const { routes, redirects } = findRoutes(options);
  return { routes: withHeaders(routes, options.request), redirects };
}

function findRoutes(options: Options): ChosenRoutes {
  const { profile, target, app, expect, request, urlsFile, replay } = options;
  if (replay) return { routes: replayRoutes(replay, target), redirects: {} };
  const pages = pagesOf(options);
  if (pages && profile.routes && options.paths)
    throw new UserError(`profile ${profile.name} has its own routes. Leave out --path, or choose another profile`);
  const get = (each: readonly string[]) =>
    asRequested(
      each.map((page) => pageRoute(page, expect)),
      request,
    );
  if (pages && (app || options.paths)) return { routes: get(pages), redirects: {} };
  const single = target !== undefined && isOnePage(options);
  if (single && profile.routes)
    throw new UserError(
      `--target ${target.href} is one page, but profile ${profile.name} has its own routes. Give --target ${target.origin}/`,
    );
  if (expect && !single)
    throw new UserError(
      '--expect needs a --target that is one page. Profile routes and the shortener define their own statuses',
    );
  if (isOwnRequest(request) && !single)
    throw new UserError(
      '--method and --body need a --target that is one page. Profile routes and the shortener define their own requests',
    );
  if (single) return { routes: get([`${target.pathname}${target.search}`]), redirects: {} };
  if (profile.routes) {
    const codes = profile.routes.some((route) => route.path.includes('{code}')) ? Object.keys(readLinks(urlsFile)) : [];
    return { routes: profileMix(profile.routes, codes), redirects: {} };
  }
  const links = readLinks(urlsFile);
  const redirects = Object.entries(links).flatMap(([code, link]) =>
    link.url === undefined ? [] : [[`/${encodeURIComponent(code)}`, link.url] as const],
  );
  return { routes: shortenerMix(Object.keys(links)), redirects: Object.fromEntries(redirects) };
}

/** The patterns of a log, as they stand in the record. Throws a UserError for a target that is a page. */
function replayRoutes({ record }: Replay, target: URL | undefined): Route[] {
  if (target && !isBare(target))
    throw new UserError(`--replay requests the log's own paths. Give --target ${target.origin}/`);
  return record.routes.map(({ name, asked }) => {
    const [, method = 'GET', path = '/'] = /^(\w+) (\/.*)$/.exec(name) ?? [];
    return { name, method: method as Route['method'], path, weight: Math.max(1, asked), headers: {}, expect: [200] };
  });
}

/** The pages of an app that were named, / of one that headroom starts; undefined where something else says what to send. */
function pagesOf({ paths, app, profile }: Options): readonly string[] | undefined {
  return paths ?? (app && !profile.routes ? ['/'] : undefined);
}
