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

/** Of each route, a 1 for each status that it expects. Routes that expect the same share one table: a replayed log has thousands of them. */
export function expectedStatuses(routes: readonly Route[]): Uint8Array[] {
  const tables = new Map<string, Uint8Array>();
  return routes.map(({ expect }) => {
    const key = expect.join();
    const table = tables.get(key) ?? new Uint8Array(statusCount);
    for (const status of expect) table[status] = 1;
    tables.set(key, table);
    return table;
  });
}
