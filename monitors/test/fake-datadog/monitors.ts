// /api/v1/monitor with the defaults that recorded answers of the real server show.
import type { Answer, Routes } from './routes.ts';

export type WireMonitor = {
  id: number;
  name: string;
  type: string;
  query: string;
  message: string;
  tags: string[];
  priority: number | null;
  options: Record<string, unknown>;
  overall_state: string;
  [other: string]: unknown;
};
type Body = Partial<WireMonitor>;

export function createMonitors() {
  const stored = new Map<number, WireMonitor>();
  let nextId = 1_000_001;

  const add = (body: Body): WireMonitor => {
    const id = nextId++;
    const monitor: WireMonitor = {
      id,
      org_id: 7,
      name: (body.name ?? '**metric** over **scope**').trim(),
      type: body.type ?? 'query alert',
      query: (body.query ?? '').trim(),
      message: (body.message ?? '').trim(),
      tags: keptTags(body.tags ?? []),
      priority: body.priority ?? null,
      multi: /\bby\s*\{/.test(body.query ?? ''),
      created: '2026-01-01T00:00:00.000Z',
      created_at: 1_767_225_600_000,
      modified: '2026-01-01T00:00:00.000Z',
      deleted: null,
      creator: { id: 1, handle: 'someone@example.com', name: 'Someone', email: 'someone@example.com' },
      restricted_roles: null,
      restriction_policy: null,
      draft_status: 'published',
      assets: [],
      overall_state_modified: null,
      matching_downtimes: [],
      ...pick(body, ['overall_state']),
      overall_state: body.overall_state ?? 'No Data',
      options: serverOptions(body.options ?? {}),
    };
    stored.set(id, monitor);
    return monitor;
  };

  const routes: Routes = ({ method, path, query, body }) => {
    const [, rest] = /^\/api\/v1\/monitor(\/.*)?$/.exec(path) ?? [];
    if (!path.startsWith('/api/v1/monitor')) return undefined;
    const given = (body ?? {}) as Body;
    if (rest === undefined && method === 'GET') return list(stored, query);
    if (rest === undefined && method === 'POST') {
      return refusal(given) ?? twin(stored, given) ?? { status: 200, body: add(given) };
    }
    if (rest?.endsWith('/validate')) return refusal(given) ?? { status: 200, body: {} };
    const id = Number(rest?.slice(1));
    const monitor = stored.get(id);
    if (!monitor) return { status: 404, body: { errors: ['Monitor not found'] } };
    if (method === 'GET') return { status: 200, body: monitor };
    if (method === 'DELETE') {
      stored.delete(id);
      return { status: 200, body: { deleted_monitor_id: id } };
    }
    return refusal(given) ?? update(monitor, given);
  };
  return { stored, add, routes };
}

function list(stored: ReadonlyMap<number, WireMonitor>, query: URLSearchParams): Answer {
  const tags = query.get('monitor_tags')?.split(',') ?? [];
  const all = [...stored.values()].filter((monitor) => tags.every((tag) => monitor.tags.includes(tag)));
  const page = query.get('page');
  const size = Math.min(1000, Number(query.get('page_size') ?? 100));
  return { status: 200, body: page === null ? all : all.slice(Number(page) * size, (Number(page) + 1) * size) };
}

function update(monitor: WireMonitor, given: Body): Answer {
  if (given.type !== undefined && given.type !== monitor.type && !bothMetric(given.type, monitor.type)) {
    return { status: 400, body: { errors: ['Monitor type cannot be changed'] } };
  }
  const { id: _, type: __, options, ...rest } = given;
  Object.assign(monitor, rest, { modified: '2026-01-02T00:00:00.000Z' });
  monitor.message = monitor.message.trim();
  monitor.query = monitor.query.trim();
  monitor.name = monitor.name.trim();
  monitor.tags = keptTags(monitor.tags);
  // Options are replaced as a whole: what is not sent is what it was before anybody said anything.
  if (options) monitor.options = serverOptions(options);
  const { creator: _creator, ...answered } = monitor;
  return { status: 200, body: answered };
}

function refusal(given: Body): Answer | undefined {
  const bad = (error: string): Answer => ({ status: 400, body: { errors: [error] } });
  const [, threshold] = /(?:>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\s*$/.exec(given.query ?? '') ?? [];
  if (threshold === undefined || /\{\s*\}/.test(given.query ?? '') || /bad_metric/.test(given.query ?? '')) {
    return bad("The value provided for parameter 'query' is invalid");
  }
  const critical = (given.options?.thresholds as { critical?: number } | undefined)?.critical;
  if (critical === undefined) return bad('Alert status is required.');
  if (critical !== Number(threshold)) {
    return bad(`Alert threshold (${critical}) does not match that used in the query (${threshold}).`);
  }
  return undefined;
}

function twin(stored: ReadonlyMap<number, WireMonitor>, given: Body): Answer | undefined {
  const same = [...stored.values()].find(
    (monitor) =>
      monitor.name === given.name &&
      monitor.query === given.query?.trim() &&
      monitor.message === given.message?.trim() &&
      JSON.stringify(monitor.options) === JSON.stringify(serverOptions(given.options ?? {})),
  );
  if (!same) return undefined;
  return { status: 400, body: { errors: [`Duplicate of an existing monitor_id:${same.id} org_id:7`] } };
}

function serverOptions(sent: Record<string, unknown>): Record<string, unknown> {
  const options: Record<string, unknown> = {
    notify_audit: false,
    new_host_delay: 300,
    include_tags: true,
    silenced: {},
    ...('on_missing_data' in sent ? {} : { notify_no_data: false }),
    ...sent,
  };
  if (options.on_missing_data === 'default') delete options.on_missing_data;
  return options;
}

/** As the agent normalizes tags, each once. */
function keptTags(tags: readonly string[]): string[] {
  const letters = (tag: string) =>
    [...tag].map((each) => (each === '\u0130' ? 'i' : each.toLowerCase().replace(/[^\p{L}\p{N}_\-:./]/u, '_')));
  const kept = (tag: string) => letters(tag).join('').replace(/_{2,}/g, '_');
  return [...new Set(tags.map((tag) => [...kept(tag)].slice(0, 200).join('').replace(/_+$/, '')))];
}

function bothMetric(...types: string[]): boolean {
  return types.every((type) => type === 'metric alert' || type === 'query alert');
}

function pick(body: Body, names: readonly string[]): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));
}
