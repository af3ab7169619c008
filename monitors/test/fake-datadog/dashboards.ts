import type { Routes } from './routes.ts';

type WireDashboard = { id: string; title: string; description: string; [other: string]: unknown };

export function createDashboards() {
  const stored = new Map<string, WireDashboard>();
  let next = 1;
  const routes: Routes = ({ method, path, query, body }) => {
    const [, id] = /^\/api\/v1\/dashboard(?:\/(.+))?$/.exec(path) ?? [];
    if (!path.startsWith('/api/v1/dashboard')) return undefined;
    if (id === undefined && method === 'GET') {
      const dashboards = [...stored.values()].map(({ widgets: _, ...summary }) => summary);
      const start = Number(query.get('start') ?? 0);
      return { status: 200, body: { dashboards: dashboards.slice(start, start + Number(query.get('count') ?? 100)) } };
    }
    if (id === undefined) {
      const dashboard = { ...(body as WireDashboard), id: `abc-${next++}`, url: '/dashboard/abc', is_read_only: false };
      stored.set(dashboard.id, dashboard);
      return { status: 200, body: dashboard };
    }
    const found = stored.get(id);
    if (!found) return { status: 404, body: { errors: [`Dashboard with ID ${id} not found`] } };
    if (method === 'DELETE') {
      stored.delete(id);
      return { status: 200, body: { deleted_dashboard_id: id } };
    }
    if (method === 'PUT') Object.assign(found, body);
    return { status: 200, body: found };
  };
  return { stored, routes };
}
