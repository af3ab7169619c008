// Which requests a run sends.
import { pageRoute, profileMix, readLinks, shortenerMix } from '../../../loadtest/profiles/request-mix.ts';
import type { WalkPlan } from '../../../loadtest/walks/read-walk.ts';
import type { Route } from '../../../model/profile.ts';
import { UserError } from '../../../model/user-error.ts';
import { asRequested, isOwnRequest, withHeaders } from '../flags/request-flags.ts';
import { routesOf } from './choose-walk.ts';
import type { Replay } from './read-replay.ts';
import type { StressOptions } from './stress-options.ts';

export type ChosenRoutes = {
  readonly routes: Route[];
  /** Where a redirect must lead, by path, when the target has to be the shortener. */
  readonly redirects: Readonly<Record<string, string>>;
  /** Its steps are the routes. */
  readonly walk?: WalkPlan;
};

type Options = Pick<
  StressOptions,
  'profile' | 'target' | 'app' | 'paths' | 'expect' | 'request' | 'urlsFile' | 'isShortener'
> &
  Partial<Pick<StressOptions, 'replay' | 'walk'>>;

/** Whether the target is one page: its URL as given, unless the profile has routes for a bare origin, or the target is the shortener. */
export function isOnePage(options: Omit<Options, 'urlsFile' | 'app'>): boolean {
  const { target, paths, expect, request, isShortener } = options;
  if (target === undefined) return false;
  if (paths) return true;
  return !isBare(target) || (!hasOwn(options) && (expect !== undefined || isOwnRequest(request) || !isShortener));
}

/** Whether the target may be the shortener: nothing else says what to send, and its URL is an origin. */
export function mayBeShortener({
  profile,
  target,
  paths,
  expect,
  request,
  replay,
  walk,
}: Pick<Options, 'profile' | 'target' | 'paths' | 'expect' | 'request' | 'replay' | 'walk'>): boolean {
  const isAsked = [replay, paths, expect].some((each) => each !== undefined) || isOwnRequest(request);
  return target !== undefined && isBare(target) && !hasOwn({ profile, walk }) && !isAsked;
}

/** Requests that are not those of one page. */
function hasOwn({ profile, walk }: Pick<Options, 'profile' | 'walk'>): boolean {
  return profile.routes !== undefined || walk !== undefined;
}

function isBare({ pathname, search }: URL): boolean {
  return pathname === '/' && search === '';
}

/**
 * The profile's own routes, the page of --target, or the shortener's mix over the seeded codes. Throws a UserError when two of them
 * were given, or --expect, --method or --body without a page. All get the headers of the command line.
 */
export function chooseRoutes(options: Options): ChosenRoutes {
  const { routes, ...rest } = findRoutes(options);
  return { ...rest, routes: withHeaders(routes, options.request.headers) };
}

function findRoutes(options: Options): ChosenRoutes {
  const { profile, target, app, expect, request, urlsFile, replay, walk } = options;
  const own = walk?.from ?? `profile ${profile.name}`;
  if (replay) return { routes: replayRoutes(replay, target), redirects: {} };
  const pages = pagesOf(options);
  if (pages && hasOwn(options) && options.paths)
    throw new UserError(`${own} has its own routes. Leave out --path, or choose another profile`);
  const get = (each: readonly string[]) =>
    asRequested(
      each.map((page) => pageRoute(page, expect)),
      request,
    );
  if (pages && (app || options.paths)) return { routes: get(pages), redirects: {} };
  const single = target !== undefined && isOnePage(options);
  if (single && hasOwn(options))
    throw new UserError(
      `--target ${target.href} is one page, but ${own} has its own routes. Give --target ${target.origin}/`,
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
  if (walk) return { routes: routesOf(walk.plan), redirects: {}, walk: walk.plan };
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
function pagesOf({ paths, app, profile, walk }: Options): readonly string[] | undefined {
  return paths ?? (app && !hasOwn({ profile, walk }) ? ['/'] : undefined);
}
