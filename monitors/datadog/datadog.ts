// The only importer of Datadog's client. The oddities of the API stay in here: plain records go in and come out.
// Deep imports, because the package's index loads all of v2: 2 seconds and 100 MB that only downtimes need.

import { logger } from '@datadog/datadog-api-client/dist/logger.js';
import * as client from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/index.js';
import * as v1 from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/index.js';
import { UserError } from '../../model/user-error.ts';
import { describeMonitor, type WantedMonitor } from '../spec/wanted-monitor.ts';
import { checkAccess, type DatadogAccess } from './access.ts';
import { allPages, pageSize } from './all-pages.ts';
import { type Call, createCall, unlessGone } from './call.ts';
import { systemClock } from './clock.ts';
import { listedHost, queriedSeries, storedDashboard, storedMonitor } from './from-datadog.ts';
import type { DatadogHost, QueriedSeries, StoredDashboard, StoredMonitor, SubmittedSeries } from './records.ts';
import { createRetryingFetch, type RetryOptions } from './retrying-fetch.ts';

export type Dashboard = Pick<v1.Dashboard, 'title' | 'description' | 'layoutType' | 'widgets' | 'reflowType'>;
export type Datadog = ReturnType<typeof connectDatadog>;

/** The calls that headroom makes. Each throws a UserError when it fails. */
export function connectDatadog(access: DatadogAccess, retry: Partial<RetryOptions> = {}) {
  const checked = checkAccess(access);
  const { apiKey, appKey, site, url } = checked;
  // It prints every failed request; the errors thrown here say the same.
  logger.setLevel('silent');
  const fetch = createRetryingFetch({
    clock: systemClock,
    timeoutMs: 10_000,
    maxWaitS: 60,
    secrets: [apiKey, appKey],
    onWait: () => undefined,
    ...retry,
  });
  const configuration = client.createConfiguration({
    baseServer: new client.ServerConfiguration(url, {}),
    authMethods: { apiKeyAuth: apiKey, appKeyAuth: appKey },
    isIaC: true,
    fetch,
  });
  const call = createCall(checked, () => new v1.AuthenticationApi(configuration).validate());
  return {
    site,
    ...monitorCalls(call, configuration),
    ...metricCalls(call, configuration),
    ...dashboardCalls(call, configuration),
    ...downtimeCalls(call, configuration),
  };
}

function monitorCalls(call: Call, configuration: client.Configuration) {
  const monitors = new v1.MonitorsApi(configuration);
  return {
    /** All monitors with every one of these tags. */
    listMonitors: async (tags: readonly string[]): Promise<StoredMonitor[]> => {
      const monitorTags = tags.join(',');
      return allPages((page) =>
        call('the list of monitors', async () =>
          (await monitors.listMonitors({ monitorTags, page, pageSize, withDowntimes: true })).map(storedMonitor),
        ),
      );
    },
    getMonitor: async (id: number): Promise<StoredMonitor> =>
      call(`monitor ${id}`, async () =>
        storedMonitor(await monitors.getMonitor({ monitorId: id, withDowntimes: true })),
      ),
    /** Throws a Refusal when Datadog would not accept the monitor, or with `id` the change of it. */
    validateMonitor: async (wanted: WantedMonitor, id?: number): Promise<void> => {
      const body = monitorBody(wanted);
      await call(describeMonitor(wanted), () =>
        id === undefined
          ? monitors.validateMonitor({ body })
          : monitors.validateExistingMonitor({ monitorId: id, body }),
      );
    },
    /** Throws LostAnswer when it is unknown whether the monitor was stored. */
    createMonitor: async (wanted: WantedMonitor): Promise<StoredMonitor> =>
      call(
        describeMonitor(wanted),
        async () => storedMonitor(await monitors.createMonitor({ body: monitorBody(wanted) })),
        'throw',
      ),
    /** Also removes restricted roles: a field that is not sent keeps its value. */
    updateMonitor: async (id: number, wanted: WantedMonitor): Promise<void> => {
      await call(describeMonitor(wanted), () =>
        monitors.updateMonitor({ monitorId: id, body: { ...monitorBody(wanted), restrictedRoles: [] } }),
      );
    },
    /** Deletes a monitor; succeeds also when it no longer exists. */
    deleteMonitor: async (id: number): Promise<void> => {
      await call(`to delete monitor ${id}`, () => unlessGone(monitors.deleteMonitor({ monitorId: id })));
    },
  };
}

function metricCalls(call: Call, configuration: client.Configuration) {
  const metrics = new v1.MetricsApi(configuration);
  return {
    /** Series of one or more comma-separated queries; none for unknown hosts and metrics. Times in seconds since 1970. */
    queryMetrics: async (query: string, from: number, to: number): Promise<QueriedSeries[]> => {
      return call(`the query ${query}`, async () => {
        const answer = await metrics.queryMetrics({ query, from, to });
        if (answer.error) throw new UserError(`Datadog refused the query ${query}: ${answer.error}`);
        return (answer.series ?? []).map(queriedSeries);
      });
    },
    /** Sends points. Datadog drops those older than an hour without an error. */
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
      return call('the list of hosts', async () => {
        const answer = await new v1.HostsApi(configuration).listHosts({ filter, count: 1000 });
        return (answer.hostList ?? []).map(listedHost);
      });
    },
  };
}

function dashboardCalls(call: Call, configuration: client.Configuration) {
  const dashboards = new v1.DashboardsApi(configuration);
  return {
    listDashboards: async (): Promise<StoredDashboard[]> => {
      return allPages((page) =>
        call('the list of dashboards', async () => {
          const answer = await dashboards.listDashboards({ count: pageSize, start: page * pageSize });
          return (answer.dashboards ?? []).map(storedDashboard);
        }),
      );
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
  };
}

function downtimeCalls(call: Call, configuration: client.Configuration) {
  // Loaded on first use: see the top of this file. The types of its index alone took half of a build's time and memory.
  const downtimes = async () => {
    const { DowntimesApi } = await import(
      '@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/apis/DowntimesApi.js'
    );
    return new DowntimesApi(configuration);
  };
  return {
    /** Silences the monitors with these tags until `end`; returns the downtime's id. */
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

function monitorBody({ name, type, query, message, tags, priority, options }: WantedMonitor): v1.Monitor {
  return { name, type, query, message, tags: [...tags], priority, options };
}
