import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { UserError } from '../user-error.ts';

/** A server that listens and can be drained. */
export interface Listening {
  /** Address for clients on this machine, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly isDraining: () => boolean;
  /** Takes no new connection, lets every open request finish, and resolves when the last connection is gone. */
  drain(limits: DrainLimits): Promise<void>;
}

export interface DrainLimits {
  /** How long a connection without a request may wait for its next one, which is answered with `Connection: close`. */
  readonly idleMs: number;
  /** When what is still open is cut. */
  readonly totalMs: number;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

// A client has this long for its headers and for all of its request; slow ones would hold their connections for ever.
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 120_000;
const CHECK_INTERVAL_MS = 2_000;
// Longer than the 60 s for which nginx keeps an idle connection to us, so that it never sends into one that we close.
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** Starts an HTTP server; port 0 takes any free port. */
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
        // http's own close() cuts idle connections at once, under requests that are already on their way.
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
    EADDRINUSE: `Port ${port} on ${host} is taken. Stop what listens there or set PORT to another one.`,
    EACCES: `Port ${port} may not be used by this user. Set PORT to 1024 or more.`,
  };
  const otherwise = `Cannot listen on ${host}:${port} (${cause.message}). Set HOST to an address of this machine.`;
  return new UserError(problems[cause.code ?? ''] ?? otherwise, { cause });
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const everywhere: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };
  const name = everywhere[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${name}:${port}`;
}
