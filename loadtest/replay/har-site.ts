// Which site a HAR file is of.
import { type HarEntry, originOf, redirectOf } from './har-entry.ts';

/**
 * The origin of the target, where it was recorded; else of those that the page that was opened first was redirected through, the one with
 * the most requests (others sign in, or add www). Undefined without any HTTP.
 */
export function siteOf(entries: readonly HarEntry[], target: string | undefined): string | undefined {
  const times = new Map<string, number>();
  for (const origin of entries.flatMap((entry) => originOf(entry) ?? []))
    times.set(origin, (times.get(origin) ?? 0) + 1);
  if (target !== undefined && times.has(target)) return target;
  const [most] = redirectedThrough(entries).sort((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0));
  return most;
}

/** Origins, the last first. */
function redirectedThrough(entries: readonly HarEntry[]): string[] {
  const pages = new Set<HarEntry>();
  let page = entries.find((entry) => originOf(entry) !== undefined);
  while (page && !pages.has(page)) {
    pages.add(page);
    const to = redirectOf(page)?.href;
    page = to === undefined ? undefined : entries.find(({ request }) => request.url.replace(/#.*/s, '') === to);
  }
  return [...new Set([...pages].flatMap((each) => originOf(each) ?? []))].reverse();
}
