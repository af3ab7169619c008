// The log of another app at headroom's own shortener: moments of the log, requests that the shortener has.
import { requestSequence } from '../../../loadtest/engines/mix.ts';
import { readLinks, shortenerMix } from '../../../loadtest/profiles/request-mix.ts';
import type { Recording } from '../../../loadtest/replay/recorder.ts';
import { pathAt, RequestTable } from '../../../loadtest/replay/request-table.ts';

/**
 * The recording for the shortener: a request keeps its path where that is a page or a seeded link, and gets one of the shortener's usual mix
 * elsewhere; `replaced` counts these.
 */
export function forShortener(
  recording: Recording,
  urlsFile: string,
): { readonly recording: Recording; readonly replaced: number } {
  const routes = shortenerMix(Object.keys(readLinks(urlsFile)));
  const table = new RequestTable();
  for (const { path, expect } of routes) table.add('GET', path, expect[0] as number);
  const known = new Map(routes.map(({ path }, number) => [path, number]));
  const own = Int32Array.from(recording.requests.status, (_, request) => {
    return known.get(pathAt(recording.requests, request).replace(/\?.*/, '')) ?? -1;
  });
  const sequence = requestSequence(routes);
  let replaced = 0;
  const request = recording.request.map((each) => {
    const kept = own[each] as number;
    return kept >= 0 ? kept : (sequence[replaced++ % sequence.length] as number);
  });
  const names = [...new Set(routes.map(({ name }) => name))];
  const nameOf = Uint8Array.from(routes, ({ name }) => names.indexOf(name));
  return { recording: { ...recording, requests: table.pack(), names, nameOf, request }, replaced };
}
