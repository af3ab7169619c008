// Statuses as places in arrays.
import type { Route } from '../../model/profile.ts';

/** Statuses have three digits. */
export const statusCount = 1000;

/** Of counts by status, those that are not 0. */
export function statusCounts(counts: Uint32Array): Record<number, number> {
  const seen: Record<number, number> = {};
  for (let status = 0; status < statusCount; status++) if (counts[status]) seen[status] = counts[status] as number;
  return seen;
}

/** What a tally must know of the routes of a stage. */
export type RouteTable = {
  readonly names: readonly string[];
  /** Of each route: the number of its name, and a 1 for each status that it expects. */
  readonly nameOf: Uint32Array | Uint8Array;
  readonly expected: readonly Uint8Array[];
};

/** Of the entries of a mix; those of one name are counted together. */
export function routeTable(routes: readonly Route[]): RouteTable {
  const names = [...new Set(routes.map((route) => route.name))];
  return {
    names,
    nameOf: Uint32Array.from(routes, (route) => names.indexOf(route.name)),
    expected: expectedStatuses(routes),
  };
}

/** Of each route, a 1 for each status that it expects. Routes that expect the same share one table. */
function expectedStatuses(routes: readonly Route[]): Uint8Array[] {
  const tables = new Map<string, Uint8Array>();
  return routes.map(({ expect }) => {
    const key = expect.join();
    const table = tables.get(key) ?? new Uint8Array(statusCount);
    for (const status of expect) table[status] = 1;
    tables.set(key, table);
    return table;
  });
}
