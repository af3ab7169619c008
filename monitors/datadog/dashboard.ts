// One dashboard per host: load, CPU, latency, errors, memory and credits, with the runs as markers.
import { createHash } from 'node:crypto';
import type { Dashboard, Datadog } from './datadog.ts';
import type { StoredDashboard } from './records.ts';

const marker = 'Managed by headroom';

/** The dashboard of a host. Its description holds a hash of the rest, to detect changes of the definition. */
function wantedDashboard(host: string): Dashboard {
  const scope = `{host:${host}}`;
  const chart = (title: string, ...queries: string[]): Dashboard['widgets'][number] => ({
    definition: {
      type: 'timeseries',
      title,
      requests: queries.map((q) => ({ q, displayType: 'line' as const })),
      // Start and verdict of every run.
      events: [{ q: `tags:headroom,host:${host}` }],
    },
  });
  const widgets = [
    chart('Requests per second', `sum:headroom.throughput${scope}`, `sum:headroom.dropped${scope}`),
    chart(
      'CPU in percent: total, user, system, iowait, stolen',
      `100 - avg:system.cpu.idle${scope}`,
      ...['user', 'system', 'iowait', 'stolen'].map((state) => `max:system.cpu.${state}${scope}.rollup(max, 15)`),
    ),
    chart('Latency in milliseconds', ...['p50', 'p95', 'p99'].map((name) => `max:headroom.latency.${name}_ms${scope}`)),
    chart('Failed requests per second', `sum:headroom.errors${scope}`),
    chart('Load average per core', `avg:system.load.norm.1${scope}`, `avg:system.load.norm.5${scope}`),
    chart('Usable memory', `avg:system.mem.usable${scope}`),
    chart('CPU credits', `min:aws.ec2.cpucredit_balance${scope}`),
  ];
  const hash = createHash('sha256').update(JSON.stringify(widgets)).digest('hex').slice(0, 12);
  return {
    title: dashboardTitle(host),
    description: `${marker} (${hash}): edits are overwritten when the definition changes.`,
    layoutType: 'ordered',
    reflowType: 'auto',
    widgets,
  };
}

type DashboardPlan = { readonly action: 'create' | 'update' | 'none'; readonly id?: string };

/** Compares the stored dashboards with the wanted one. */
export function planDashboard(host: string, stored: readonly StoredDashboard[]): DashboardPlan {
  const found = ownDashboard(host, stored);
  if (!found) return { action: 'create' };
  return { action: found.description === wantedDashboard(host).description ? 'none' : 'update', id: found.id };
}

/** The dashboard that headroom has created for the host. */
export function ownDashboard(host: string, stored: readonly StoredDashboard[]): StoredDashboard | undefined {
  return stored.find((each) => each.title === dashboardTitle(host) && each.description.startsWith(marker));
}

/** Applies the plan. */
export async function applyDashboard(datadog: Datadog, host: string, plan: DashboardPlan): Promise<void> {
  if (plan.action === 'create') await datadog.createDashboard(wantedDashboard(host));
  if (plan.action === 'update' && plan.id !== undefined) await datadog.updateDashboard(plan.id, wantedDashboard(host));
}

function dashboardTitle(host: string): string {
  return `headroom: ${host}`;
}
