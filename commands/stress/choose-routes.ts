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

/** Whether the target is one page instead of the shortener: it has a path, or expected statuses, which a root page of an app needs. */
export function isOnePage({
  profile,
  target,
  expect,
}: Pick<StressOptions, 'profile' | 'expect'> & { readonly target: URL }): boolean {
  return target.pathname !== '/' || (expect !== undefined && !profile.routes);
}

/**
 * The profile's own routes, the page of --target, or the shortener's mix over the seeded codes. Throws a UserError when two of them
 * were given, or --expect without a page.
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
      `--target ${target.href} is one page, but profile ${profile.name} has its own routes. Give --target ${target.origin}/`,
    );
  if (expect && !single)
    throw new UserError(
      '--expect needs a --target that is one page. Profile routes and the shortener define their own statuses',
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
