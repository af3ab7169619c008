import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from './user-error.ts';

/** A server that listens and can be drained. */
export interface Listening {
  /** Address for clients on this machine, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Takes no new connection, lets every open request finish, and resolves when the last connection is gone. */
  drain(): Promise<void>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Starts an HTTP server; port 0 takes any free port. */
export async function listen(listener: RequestListener, { host, port }: Address): Promise<Listening> {
  let draining = false;
  const server = createServer((req, res) => {
    if (draining) res.setHeader('Connection', 'close');
    listener(req, res);
  });
  await startListening(server, host, port);
  return {
    url: urlOf(server, host),
    drain() {
      draining = true;
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    },
  };
}

function startListening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  if (cause.code === 'EADDRINUSE') {
    return new UserError(`Port ${port} on ${host} is taken. Stop what listens there or set PORT to another one.`, {
      cause,
    });
  }
  if (cause.code === 'EACCES') {
    return new UserError(`Port ${port} may not be used by this user. Set PORT to 1024 or more.`, { cause });
  }
  return new UserError(`Cannot listen on ${host}:${port} (${cause.message}). Set HOST to an address of this machine.`, {
    cause,
  });
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const everywhere: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };
  const name = everywhere[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${name}:${port}`;
}
