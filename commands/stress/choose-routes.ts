// Which requests a run sends.
import { profileMix, readLinks, shortenerMix, singleRoute } from '../../loadtest/profiles/request-mix.ts';
import type { Route } from '../../model/profile.ts';
import { UserError } from '../../model/user-error.ts';
import type { StressOptions } from './stress-options.ts';

export type ChosenRoutes = {
  readonly routes: Route[];
  /** Where a redirect must lead, by path, when the target has to be the shortener. */
  readonly redirects: Readonly<Record<string, string>>;
};

/** Whether the target is a page and no shortener: it has a path, or statuses of its own, which tell another app's root page from that. */
export function isOnePage({
  profile,
  target,
  expect,
}: Pick<StressOptions, 'profile' | 'expect'> & { readonly target: URL }): boolean {
  return target.pathname !== '/' || (expect !== undefined && !profile.routes);
}

/**
 * The profile's own routes, the one URL that was given, or the shortener's mix over the seeded codes. A UserError when two of them
 * were given, or statuses for what has its own.
 */
export function chooseRoutes({
  profile,
  target,
  expect,
  urlsFile,
}: Pick<StressOptions, 'profile' | 'target' | 'expect' | 'urlsFile'>): ChosenRoutes {
  const single = target !== undefined && isOnePage({ profile, target, expect });
  if (single && profile.routes)
    throw new UserError(
      `--target ${target.href} is one GET, and profile ${profile.name} has routes of its own: give ${target.origin}/`,
    );
  if (expect && !single)
    throw new UserError(
      '--expect goes with a --target that is one page; the routes of a profile and the shortener have their own statuses',
    );
  if (single) return { routes: singleRoute(target, expect), redirects: {} };
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
