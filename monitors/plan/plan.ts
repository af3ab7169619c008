// Compares wanted and stored monitors. Pure: no calls.
import type { StoredMonitor } from '../datadog/records.ts';
import { isAboutHost, ownedKey, type WantedMonitor } from '../spec/wanted-monitor.ts';
import { type Change, differences, typeFamily } from './differences.ts';

export type Plan = {
  readonly creates: readonly WantedMonitor[];
  readonly updates: readonly {
    readonly wanted: WantedMonitor;
    readonly stored: StoredMonitor;
    readonly changes: readonly Change[];
  }[];
  readonly deletes: readonly { readonly key: string; readonly stored: StoredMonitor; readonly why: string }[];
  readonly unchanged: readonly { readonly key: string; readonly id: number }[];
};

/** The plan of one host. It ignores monitors without headroom's tags and those of other hosts. */
export function makePlan(wanted: readonly WantedMonitor[], stored: readonly StoredMonitor[], host: string): Plan {
  const creates: WantedMonitor[] = [];
  const updates: Plan['updates'][number][] = [];
  const deletes: Plan['deletes'][number][] = [];
  const unchanged: Plan['unchanged'][number][] = [];

  const byKey = new Map<string, StoredMonitor[]>();
  for (const monitor of stored) {
    const key = ownedKey(monitor.tags);
    if (key === undefined || !isAboutHost(monitor, host)) continue;
    byKey.set(key, [...(byKey.get(key) ?? []), monitor]);
  }
  for (const each of wanted) {
    const found = byKey.get(each.key) ?? [];
    byKey.delete(each.key);
    const sameType = found.filter((monitor) => typeFamily(monitor.type) === typeFamily(each.type));
    for (const other of found) {
      if (sameType.includes(other)) continue;
      const why = `its type '${other.type}' cannot be changed, so it is replaced`;
      deletes.push({ key: each.key, stored: other, why });
    }
    const [best, ...twins] = sameType
      .map((monitor) => ({ monitor, changes: differences(each, monitor) }))
      .sort((a, b) => a.changes.length - b.changes.length || a.monitor.id - b.monitor.id);
    for (const { monitor } of twins) {
      deletes.push({ key: each.key, stored: monitor, why: `monitor ${best?.monitor.id} has the same key` });
    }
    if (!best) creates.push(each);
    else if (best.changes.length > 0) updates.push({ wanted: each, stored: best.monitor, changes: best.changes });
    else unchanged.push({ key: each.key, id: best.monitor.id });
  }
  for (const [key, monitors] of byKey) {
    for (const monitor of monitors) deletes.push({ key, stored: monitor, why: 'no longer defined' });
  }
  return { creates, updates, deletes, unchanged };
}

/** Whether the plan has no changes. */
export function isEmpty(plan: Plan): boolean {
  return plan.creates.length + plan.updates.length + plan.deletes.length === 0;
}
