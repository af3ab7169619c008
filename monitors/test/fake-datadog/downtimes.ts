import type { Routes } from './routes.ts';

type WireDowntime = { id: string; type: 'downtime'; attributes: { message: string; [other: string]: unknown } };

export function createDowntimes() {
  const stored = new Map<string, WireDowntime>();
  let next = 1;
  const routes: Routes = ({ method, path, body }) => {
    const [, id] = /^\/api\/v2\/downtime(?:\/(.+))?$/.exec(path) ?? [];
    if (!path.startsWith('/api/v2/downtime')) return undefined;
    if (method === 'GET') return { status: 200, body: { data: [...stored.values()] } };
    if (method === 'POST') {
      const { attributes } = (body as { data: WireDowntime }).data;
      const downtime: WireDowntime = {
        id: `00000000-0000-0000-0000-${String(next++).padStart(12, '0')}`,
        type: 'downtime',
        attributes: { ...attributes, status: 'active' },
      };
      stored.set(downtime.id, downtime);
      return { status: 200, body: { data: downtime } };
    }
    if (!stored.delete(id ?? '')) return { status: 404, body: { errors: ['Downtime not found'] } };
    return { status: 204 };
  };
  return { stored, routes };
}
