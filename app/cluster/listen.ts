import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { UserError } from '../user-error.ts';
import { mostConnections } from './most-connections.ts';

/** An HTTP server that listens and can be drained. */
export interface Listening {
  /** The address for clients on this machine, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly isDraining: () => boolean;
  /** Accepts no new connection, lets open requests finish, and resolves when the last connection is closed. */
  drain(limits: DrainLimits): Promise<void>;
}

export interface DrainLimits {
  /** How long an idle connection may wait for its next request, which is answered with `Connection: close`. */
  readonly idleMs: number;
  /** When the connections that are still open are cut. */
  readonly totalMs: number;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

// Limits for slow clients, which would else hold their connections indefinitely.
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 120_000;
const CHECK_INTERVAL_MS = 2_000;
// Longer than proxies keep an idle connection to the app (60 s, nginx here 1 s): they never send into one that is being closed.
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** Starts an HTTP server; port 0 takes any free port. Throws a UserError when the address cannot be used. */
export async function listen(listener: RequestListener, { host, port }: Address): Promise<Listening> {
  let draining = false;
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    (req, res) => {
      if (draining) res.setHeader('Connection', 'close');
      listener(req, res);
    },
  );
  const most = mostConnections();
  if (most !== undefined) server.maxConnections = most;
  await startListening(server, host, port);
  return {
    url: urlOf(server, host),
    isDraining: () => draining,
    drain({ idleMs, totalMs }) {
      draining = true;
      const timers = [
        setTimeout(() => server.closeIdleConnections(), idleMs),
        setTimeout(() => server.closeAllConnections(), totalMs),
      ];
      return new Promise((resolve) => {
        // http.Server's own close() cuts idle connections at once, even when a request is already on its way.
        NetServer.prototype.close.call(server, () => {
          for (const timer of timers) clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

function startListening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port)));
    server.listen({ host, port, backlog: 4096 }, resolve);
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  const problems: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is in use. Stop the process that listens there, or set PORT to a free port.`,
    EACCES: `This user may not listen on port ${port}. Set PORT to 1024 or more.`,
  };
  const otherwise = `Cannot listen on ${host}:${port} (${cause.message}). Set HOST to an address of this machine.`;
  return new UserError(problems[cause.code ?? ''] ?? otherwise, { cause });
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const loopback: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };
  const name = loopback[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${name}:${port}`;
}
