// A stand-in for Datadog that speaks HTTP to the real client, with the real server's defaults, refusals and faults.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inflateSync } from 'node:zlib';
import { createDashboards } from './dashboards.ts';
import { createDowntimes } from './downtimes.ts';
import { createMetrics } from './metrics.ts';
import { createMonitors } from './monitors.ts';
import type { Answer, Asked, Routes } from './routes.ts';

export const keys = { apiKey: 'placeholder-api-key', appKey: 'placeholder-app-key' } as const;

/** What goes wrong: `before` and `after` say whether the request was carried out. */
export type Fault =
  | { readonly kind: 'limited'; readonly resetS?: number }
  | { readonly kind: 'status'; readonly status: number; readonly stored: 'before' | 'after' }
  | { readonly kind: 'reset'; readonly stored: 'before' | 'after' }
  | { readonly kind: 'hang' | 'html' | 'empty' | 'cut' | 'empty-list' };
/** Starts the server on a free port of 127.0.0.1. */
export async function startFakeDatadog(options: { readonly latencyMs?: number } = {}) {
  const monitors = createMonitors();
  const dashboards = createDashboards();
  const downtimes = createDowntimes();
  const metrics = createMetrics();
  const deployments: unknown[] = [];
  const dora: Routes = ({ method, path, body }) => {
    if (`${method} ${path}` !== 'POST /api/v2/dora/deployment') return undefined;
    deployments.push((body as { data: { attributes: unknown } }).data.attributes);
    return { status: 202, body: { data: { id: 'a-deployment', type: 'dora_deployment' } } };
  };
  const parts: readonly Routes[] = [monitors.routes, dashboards.routes, downtimes.routes, metrics.routes, dora];
  const asked: Asked[] = [];
  const faults: { readonly match: string; readonly fault: Fault }[] = [];
  const accepted = { apiKey: keys.apiKey as string, appKey: keys.appKey as string };

  const carryOut = (request: Asked, headers: IncomingMessage['headers']): Answer => {
    if (headers['dd-api-key'] !== accepted.apiKey) return { status: 403, body: { errors: ['Forbidden'] } };
    if (request.path === '/api/v1/validate') return { status: 200, body: { valid: true } };
    const needsAppKey = !['/series', '/events', '/deployment'].some((end) => request.path.endsWith(end));
    if (needsAppKey && headers['dd-application-key'] !== accepted.appKey)
      return { status: 403, body: { errors: ['Forbidden'] } };
    for (const part of parts) {
      const answer = part(request);
      if (answer) return answer;
    }
    return { status: 404, body: { errors: [`Not found: ${request.method} ${request.path}`] } };
  };

  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const request: Asked = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      body: await readBody(incoming),
    };
    asked.push(request);
    if (options.latencyMs) await sleep(options.latencyMs);
    const index = faults.findIndex(({ match }) => matches(request, match));
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]?.fault;
    if (fault) answerFault(fault, () => carryOut(request, incoming.headers), response);
    else answer(response, carryOut(request, incoming.headers));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    monitors,
    dashboards,
    downtimes,
    metrics,
    /** What was sent as deployment events. */
    deployments,
    asked,
    accepted,
    /** The next request to `match` ("POST /api/v1/monitor"; with a slash at its end all below) meets this fault; several wait in line. */
    fault: (match: string, ...list: Fault[]) => {
      faults.push(...list.map((fault) => ({ match, fault })));
    },
    calls: (match: string) => asked.filter((request) => matches(request, match)).length,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
export type FakeDatadog = Awaited<ReturnType<typeof startFakeDatadog>>;

function matches({ method, path }: Asked, match: string): boolean {
  const line = `${method} ${path}`;
  return match.endsWith('/') ? line.startsWith(match) : line === match;
}

function answerFault(fault: Fault, carryOut: () => Answer, response: ServerResponse): void {
  switch (fault.kind) {
    case 'limited':
      response.setHeader('x-ratelimit-name', 'monitor_write');
      if (fault.resetS !== undefined) response.setHeader('x-ratelimit-reset', String(fault.resetS));
      answer(response, {
        status: 429,
        body: { errors: ['Rate limit of 600 requests in 3600 seconds reached.'] },
      });
      return;
    case 'status':
      if (fault.stored === 'after') carryOut();
      answer(response, { status: fault.status, body: { errors: ['Internal error'] } });
      return;
    case 'reset':
      if (fault.stored === 'after') carryOut();
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'html':
      response.setHeader('content-type', 'text/html');
      response.end('<!DOCTYPE html><title>Datadog</title>');
      return;
    case 'empty':
      carryOut();
      response.setHeader('content-type', 'application/json');
      response.end();
      return;
    case 'cut': {
      const text = JSON.stringify(carryOut().body);
      response.setHeader('content-type', 'application/json');
      response.end(text.slice(0, Math.ceil(text.length / 2)));
      return;
    }
    case 'empty-list':
      answer(response, { status: 200, body: [] });
      return;
  }
}

function answer(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  if (raw.length === 0) return undefined;
  return JSON.parse((incoming.headers['content-encoding'] === 'deflate' ? inflateSync(raw) : raw).toString('utf8'));
}
