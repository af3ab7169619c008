// The only importer of Datadog's client. What is odd about the API stays in here: plain records go in and come out.
// Deep imports, because the package's index loads v2 whole: 2 seconds and 100 MB that only downtimes need.

import { logger } from '@datadog/datadog-api-client/dist/logger.js';
import * as client from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/index.js';
import * as v1 from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/index.js';
import { UserError } from '../model/user-error.ts';
import { systemClock } from './clock.ts';
import type { DatadogHost, QueriedSeries, StoredDashboard, StoredMonitor, SubmittedSeries } from './datadog-records.ts';
import { createPatientFetch, LostAnswer, type Patience } from './patient-fetch.ts';
import type { WantedMonitor } from './wanted-monitor.ts';

export type DatadogAccess = {
  readonly apiKey: string | undefined;
  readonly appKey: string | undefined;
  /** `datadoghq.com`, `datadoghq.eu`, ... */
  readonly site?: string | undefined;
  /** Takes the place of the whole address: a proxy, a test server. */
  readonly apiUrl?: string | undefined;
};

export type Dashboard = Pick<v1.Dashboard, 'title' | 'description' | 'layoutType' | 'widgets' | 'reflowType'>;
export type Datadog = ReturnType<typeof connectDatadog>;

const pageSize = 1000;

/** The calls that headroom makes. Each throws a UserError with one clear sentence. */
export function connectDatadog(access: DatadogAccess, patience: Partial<Patience> = {}) {
  const { apiKey, appKey, site = 'datadoghq.com', apiUrl } = access;
  const keyPage = (name: string) =>
    `https://${site.split('.').length === 2 ? 'app.' : ''}${site}/organization-settings/${name}`;
  const apiKeyPage = keyPage('api-keys');
  const appKeyPage = keyPage('application-keys');
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(site) || /^(app|api)\./.test(site)) {
    throw new UserError(
      `DD_SITE ${site} is no Datadog site: give the name alone, for example datadoghq.eu or us3.datadoghq.com`,
    );
  }
  if (!apiKey) throw new UserError(`DD_API_KEY is not set: make one at ${apiKeyPage}`);
  if (!appKey) throw new UserError(`DD_APP_KEY is not set: make one at ${appKeyPage}`);
  // It prints every failed request; what is to be said is said by the errors thrown here.
  logger.setLevel('silent');
  const patientFetch = createPatientFetch({
    clock: systemClock,
    timeoutMs: 10_000,
    maxWaitS: 60,
    onWait: () => undefined,
    ...patience,
  });
  const configuration = client.createConfiguration({
    baseServer: new client.ServerConfiguration(baseUrl(apiUrl ?? `https://api.${site}`), {}),
    authMethods: { apiKeyAuth: apiKey, appKeyAuth: appKey },
    isIaC: true,
    fetch: patientFetch,
  });
  const monitors = new v1.MonitorsApi(configuration);
  const dashboards = new v1.DashboardsApi(configuration);
  const metrics = new v1.MetricsApi(configuration);
  // Loaded when first needed: see the top of this file.
  const downtimes = async () => {
    const v2 = await import('@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/index.js');
    return new v2.DowntimesApi(configuration);
  };

  /** Runs one call; `what` completes the sentence "Datadog refuses ...". */
  async function call<T>(what: string, request: () => Promise<T>, onLost: 'report' | 'throw' = 'report'): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof UserError) throw error;
      if (error instanceof LostAnswer) {
        if (onLost === 'throw') throw error;
        throw new UserError(`Datadog's answer to ${what} was lost (${error.message}): run again`, { cause: error });
      }
      if (!(error instanceof client.ApiException)) {
        throw new UserError(`Datadog's answer to ${what} was not understood: ${(error as Error).message}`, {
          cause: error,
        });
      }
      const { code, body } = error as InstanceType<typeof client.ApiException<{ errors?: unknown[] }>>;
      if (code === 401 || code === 403) throw new UserError(await keyProblem(what), { cause: error });
      const reasons = Array.isArray(body?.errors) ? body.errors.join('; ') : JSON.stringify(body);
      throw new UserError(`Datadog refuses ${what}: ${reasons} (status ${code})`, { cause: error });
    }
  }

  /** Which of the two keys is refused: only the API key is looked at by /validate. */
  async function keyProblem(what: string): Promise<string> {
    try {
      await new v1.AuthenticationApi(configuration).validate();
    } catch (error) {
      if (error instanceof UserError) return error.message;
      return `Datadog refuses DD_API_KEY at ${site}: make one at ${apiKeyPage}, or give the site it belongs to with DD_SITE`;
    }
    return `Datadog refuses DD_APP_KEY for ${what}: make one with the rights for it at ${appKeyPage}`;
  }

  return {
    site,

    /** All monitors that carry every one of these tags. */
    listMonitors: async (tags: readonly string[]): Promise<StoredMonitor[]> => {
      const found: StoredMonitor[] = [];
      for (let page = 0; ; page++) {
        const request = { monitorTags: tags.join(','), page, pageSize, withDowntimes: true };
        const answer = await call('the list of monitors', () => monitors.listMonitors(request));
        found.push(...answer.map(storedMonitor));
        if (answer.length < pageSize) return found;
      }
    },
    getMonitor: async (id: number): Promise<StoredMonitor> =>
      storedMonitor(await call(`monitor ${id}`, () => monitors.getMonitor({ monitorId: id, withDowntimes: true }))),
    /** Asks Datadog whether it would take the monitor; `id` when it is a change. */
    validateMonitor: async (wanted: WantedMonitor, id?: number): Promise<void> => {
      const body = monitorBody(wanted);
      await call(describe(wanted), () =>
        id === undefined
          ? monitors.validateMonitor({ body })
          : monitors.validateExistingMonitor({ monitorId: id, body }),
      );
    },
    /** Throws LostAnswer when nobody knows whether it was stored. */
    createMonitor: async (wanted: WantedMonitor): Promise<StoredMonitor> =>
      storedMonitor(await call(describe(wanted), () => monitors.createMonitor({ body: monitorBody(wanted) }), 'throw')),
    /** What is not sent stays, so that everyone may edit is said. */
    updateMonitor: async (id: number, wanted: WantedMonitor): Promise<StoredMonitor> =>
      storedMonitor(
        await call(describe(wanted), () =>
          monitors.updateMonitor({ monitorId: id, body: { ...monitorBody(wanted), restrictedRoles: [] } }),
        ),
      ),
    /** Deletes a monitor; one that is gone already is fine. */
    deleteMonitor: async (id: number): Promise<void> => {
      await call(`to delete monitor ${id}`, () => unlessGone(monitors.deleteMonitor({ monitorId: id })));
    },

    /** Series of one or more comma-separated queries; unknown hosts and metrics give none. Times in seconds since 1970. */
    queryMetrics: async (query: string, from: number, to: number): Promise<QueriedSeries[]> => {
      const answer = await call(`the query ${query}`, () => metrics.queryMetrics({ query, from, to }));
      if (answer.error) throw new UserError(`Datadog refuses the query ${query}: ${answer.error}`);
      return (answer.series ?? []).map(queriedSeries);
    },
    /** Sends points; those more than an hour old are dropped by Datadog without a word. */
    submitMetrics: async (series: readonly SubmittedSeries[]): Promise<void> => {
      const body = {
        series: series.map(({ metric, host, tags, intervalS, points }) => ({
          metric,
          type: 'gauge',
          interval: intervalS,
          ...(host !== undefined && { host }),
          tags: [...tags],
          points: points.map(([at, value]): [number, number] => [at, value]),
        })),
      };
      await call('the metrics', () => metrics.submitMetrics({ body, contentEncoding: 'deflate' }));
    },
    createEvent: async (event: v1.EventCreateRequest): Promise<void> => {
      await call('the event', () => new v1.EventsApi(configuration).createEvent({ body: event }));
    },
    /** Hosts whose name or tags contain the text. */
    listHosts: async (filter: string): Promise<DatadogHost[]> => {
      const answer = await call('the list of hosts', () =>
        new v1.HostsApi(configuration).listHosts({ filter, count: 1000 }),
      );
      return (answer.hostList ?? []).map(({ name = '', aliases = [], tagsBySource = {} }) => ({
        name,
        aliases,
        tags: Object.values(tagsBySource).flat(),
      }));
    },

    listDashboards: async (): Promise<StoredDashboard[]> => {
      const found: StoredDashboard[] = [];
      for (;;) {
        const page = { count: pageSize, start: found.length };
        const { dashboards: listed = [] } = await call('the list of dashboards', () => dashboards.listDashboards(page));
        for (const { id = '', title = '', description, url = '' } of listed) {
          found.push({ id, title, description: description ?? '', url });
        }
        if (listed.length < pageSize) return found;
      }
    },
    createDashboard: async (dashboard: Dashboard): Promise<void> => {
      await call('the dashboard', () => dashboards.createDashboard({ body: dashboard }));
    },
    updateDashboard: async (id: string, dashboard: Dashboard): Promise<void> => {
      await call('the dashboard', () => dashboards.updateDashboard({ dashboardId: id, body: dashboard }));
    },
    deleteDashboard: async (id: string): Promise<void> => {
      await call('to delete the dashboard', () => unlessGone(dashboards.deleteDashboard({ dashboardId: id })));
    },

    /** Silences the monitors that carry these tags until `end`; gives the downtime's id. */
    createDowntime: async (monitorTags: readonly string[], message: string, end: Date): Promise<string> => {
      const api = await downtimes();
      const answer = await call('the downtime', () =>
        api.createDowntime({
          body: {
            data: {
              type: 'downtime',
              attributes: {
                scope: '*',
                message,
                monitorIdentifier: { monitorTags: [...monitorTags] },
                schedule: { end },
              },
            },
          },
        }),
      );
      return answer.data?.id ?? '';
    },
    /** Downtimes that are active now. */
    listDowntimes: async (): Promise<{ readonly id: string; readonly message: string }[]> => {
      const api = await downtimes();
      const answer = await call('the list of downtimes', () => api.listDowntimes({ currentOnly: true }));
      return (answer.data ?? []).map(({ id = '', attributes }) => ({ id, message: attributes?.message ?? '' }));
    },
    cancelDowntime: async (id: string): Promise<void> => {
      const api = await downtimes();
      await call('to end the downtime', () => unlessGone(api.cancelDowntime({ downtimeId: id })));
    },
  };
}

function baseUrl(text: string): string {
  if (!URL.canParse(text)) throw new UserError(`DD_API_URL or DD_SITE gives no address: ${text}`);
  return text.replace(/\/+$/, '');
}

function describe({ name, query, file }: WantedMonitor): string {
  return `the monitor "${name}" of ${file} with the query ${query}`;
}

/** Makes a failed call succeed when the thing that it is about does not exist any more. */
async function unlessGone(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof client.ApiException) || error.code !== 404) throw error;
  }
}

function monitorBody({ name, type, query, message, tags, priority, options }: WantedMonitor): v1.Monitor {
  return { name, type, query, message, tags: [...tags], priority, options };
}

function storedMonitor(monitor: v1.Monitor): StoredMonitor {
  if (monitor.id === undefined) throw new UserError('Datadog answered with a monitor that has no id');
  const sinceMs = Date.parse(String(monitor.additionalProperties?.overall_state_modified));
  const { _unparsed, additionalProperties, ...options } = JSON.parse(JSON.stringify(monitor.options ?? {}));
  return {
    id: monitor.id,
    name: monitor.name ?? '',
    // A kind of monitor that is newer than the client comes as an object around the name.
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

function queriedSeries(series: v1.MetricsQueryMetadata): QueriedSeries {
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
