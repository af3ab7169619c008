// The client's records -> ours. It declares the fields that it reads, so that only datadog.ts imports the client.
import { UserError } from '../../model/user-error.ts';
import type { DatadogHost, QueriedSeries, StoredDashboard, StoredMonitor } from './records.ts';

type ReadMonitor = {
  readonly id?: number;
  readonly name?: string;
  readonly type?: unknown;
  readonly query?: string;
  readonly message?: string;
  readonly tags?: string[];
  readonly priority?: number;
  readonly restrictedRoles?: string[];
  readonly options?: { readonly silenced?: object };
  readonly overallState?: unknown;
  readonly matchingDowntimes?: readonly unknown[];
  readonly additionalProperties?: { readonly [name: string]: unknown };
};

type ReadSeries = {
  readonly metric?: string;
  readonly queryIndex?: number;
  readonly scope?: string;
  readonly interval?: number;
  readonly unit?: readonly { readonly family?: string; readonly name?: string; readonly scaleFactor?: number }[];
  readonly pointlist?: [number, number][];
};

/** A monitor as the client reads it. */
export function storedMonitor(monitor: ReadMonitor): StoredMonitor {
  if (monitor.id === undefined) throw new UserError('Datadog returned a monitor without an id. Run the command again');
  const sinceMs = Date.parse(String(monitor.additionalProperties?.overall_state_modified));
  const { _unparsed, additionalProperties, ...options } = JSON.parse(JSON.stringify(monitor.options ?? {}));
  return {
    id: monitor.id,
    name: monitor.name ?? '',
    // A type of monitor that is newer than the client comes as an object around the name.
    type:
      typeof monitor.type === 'string'
        ? monitor.type
        : String((monitor.type as { _data?: unknown } | undefined)?._data),
    query: monitor.query ?? '',
    message: monitor.message ?? '',
    tags: monitor.tags ?? [],
    ...(typeof monitor.priority === 'number' && { priority: monitor.priority }),
    restrictedRoles: monitor.restrictedRoles ?? [],
    options: { ...additionalProperties, ...options },
    state: typeof monitor.overallState === 'string' ? monitor.overallState : 'Unknown',
    ...(!Number.isNaN(sinceMs) && { stateSinceMs: sinceMs }),
    muted: (monitor.matchingDowntimes ?? []).length > 0 || Object.keys(monitor.options?.silenced ?? {}).length > 0,
  };
}

/** A series as the client reads it, without the empty buckets. */
export function queriedSeries(series: ReadSeries): QueriedSeries {
  const [unit] = series.unit ?? [];
  return {
    metric: series.metric ?? '',
    queryIndex: series.queryIndex ?? 0,
    scope: series.scope ?? '',
    intervalS: series.interval ?? 0,
    ...(unit?.name && { unit: { family: unit.family ?? '', name: unit.name, scale: unit.scaleFactor ?? 1 } }),
    // Arithmetic gives null for buckets without a point.
    points: (series.pointlist ?? []).filter((point) => typeof point[1] === 'number' && Number.isFinite(point[1])),
  };
}

type ReadDashboard = {
  readonly id?: string;
  readonly title?: string;
  readonly description?: string | null;
  readonly url?: string;
};

/** A dashboard of the list as the client reads it. */
export function storedDashboard({ id = '', title = '', description, url = '' }: ReadDashboard): StoredDashboard {
  return { id, title, description: description ?? '', url };
}

type ReadHost = {
  readonly name?: string;
  readonly aliases?: string[];
  readonly tagsBySource?: Readonly<Record<string, string[]>>;
};

/** A host as the client reads it, with its tags from all sources. */
export function listedHost({ name = '', aliases = [], tagsBySource = {} }: ReadHost): DatadogHost {
  return { name, aliases, tags: Object.values(tagsBySource).flat() };
}
