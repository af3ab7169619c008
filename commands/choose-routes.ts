// Which requests a run sends.
import { profileMix, readLinks, shortenerMix, singleRoute } from '../loadtest/request-mix.ts';
import type { Route } from '../model/profile.ts';
import type { StressOptions } from './stress-options.ts';

export type ChosenRoutes = {
  readonly routes: Route[];
  /** Where a redirect must lead, by path, when the target has to be the shortener. */
  readonly redirects: Readonly<Record<string, string>>;
};

/** The profile's own routes, the one URL that was given, or the shortener's mix over the seeded codes. */
export function chooseRoutes({ profile, target, expect, urlsFile }: StressOptions): ChosenRoutes {
  if (target && target.pathname !== '/') return { routes: singleRoute(target, expect), redirects: {} };
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
