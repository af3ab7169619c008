// The server of the live page: on the loopback, protected by a token, until the run ends.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readStyleSheet } from '../render/html.ts';
import { renderShell } from './page.ts';

export type LiveServer = {
  /** With the random token. */
  readonly url: string;
  /** Shows this HTML on all open pages. */
  readonly show: (html: string) => void;
  /** Shows this report on all open pages, then closes the server. */
  readonly end: (report: string | undefined) => Promise<void>;
};

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** Longest wait for a page that does not read. */
const closeTimeoutMs = 1000;

/** Listens on a free port of the loopback; `onStop` is called when the stop button of a page with the token is pressed. */
export async function startLiveServer(onStop: () => void): Promise<LiveServer> {
  const base = `/${randomBytes(24).toString('base64url')}/`;
  const files: ReadonlyMap<string, readonly [type: string, content: string]> = new Map([
    ['', ['text/html; charset=utf-8', renderShell(base)]],
    ['report.css', ['text/css; charset=utf-8', readStyleSheet()]],
    ['live.js', ['text/javascript; charset=utf-8', readFileSync(new URL('./live.js', import.meta.url), 'utf8')]],
  ]);
  const watching = new Set<ServerResponse>();
  let latest: string | undefined;
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const problem = whyRefused(request, port);
    if (problem !== undefined) return answer(response, 403, problem);
    // As sent: `//` is no URL, and what throws in here ends the run.
    const [path = ''] = (request.url ?? '').split('?');
    if (!path.startsWith(base)) return answer(response, 404, 'not found');
    const name = path.slice(base.length);
    if (name === 'stop') {
      if (request.method !== 'POST') return answer(response, 405, 'use POST to stop the run');
      answer(response, 202, 'stopping the run');
      return onStop();
    }
    if (request.method !== 'GET') return answer(response, 405, 'use GET');
    if (name === 'events') return watch(response);
    const file = files.get(name);
    return file ? answer(response, 200, file[1], file[0]) : answer(response, 404, 'not found');
  });
  const watch = (response: ServerResponse): void => {
    response.writeHead(200, { ...headers('text/event-stream'), connection: 'keep-alive' });
    watching.add(response);
    response.on('close', () => watching.delete(response));
    // A page that goes while it is written to is closed, and so no longer watched.
    response.on('error', () => watching.delete(response));
    if (latest !== undefined) response.write(event('now', latest));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    show: (html) => {
      latest = html;
      // A page that does not keep up gets the next one instead of a queue.
      for (const each of watching) if (!each.writableNeedDrain) each.write(event('now', html));
    },
    end: async (report) => {
      const gone = [...watching].map(
        (each) =>
          new Promise<void>((resolve) => {
            setTimeout(resolve, closeTimeoutMs).unref();
            each.end(report === undefined ? '' : event('report', report), resolve);
          }),
      );
      await Promise.all(gone);
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Another site's page must neither read this one (DNS rebinding) nor press its button. */
function whyRefused(request: IncomingMessage, port: number): string | undefined {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!own.includes(request.headers.host ?? '')) return 'unexpected Host header';
  const { origin } = request.headers;
  const foreign = origin !== undefined && !own.some((host) => origin === `http://${host}`);
  if (foreign || (request.method === 'POST' && origin === undefined)) return 'request from another origin';
  return undefined;
}

function headers(type: string): Record<string, string> {
  return {
    'content-type': type,
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

function answer(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, headers(type)).end(body);
}

/** One server-sent event; JSON keeps its line breaks out of the protocol. */
function event(name: string, data: string): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
