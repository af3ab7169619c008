// The sockets of one connection of the closed engine. P-numbers are the entries of docs/autocannon.md.
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Connects } from './connects.ts';

/** What of autocannon's client is used, beyond its types too (lib/httpClient.js of 9.0.0). */
export type ClosedClient = {
  on(event: 'request', listener: () => void): void;
  on(event: 'response', listener: (status: number) => void): void;
  on(event: 'headers', listener: (head: { statusCode: number; shouldKeepAlive: boolean }) => void): void;
  on(event: 'connError', listener: (error: NodeJS.ErrnoException) => void): void;
  /** After so many requests: reopens the connection at the next response, and emits no event for that response. */
  reconnectRate: number | undefined;
  _connect(): void;
  _resetConnection(): void;
  conn: Socket;
  pipelinedRequests: { clear(): void; addBody(body: unknown): void };
  parser: {
    type: string;
    state: string;
    readonly hadError: boolean;
    reinitialize(type: string): void;
    execute(bytes: Buffer): unknown;
  };
};

/** P38: where no socket can be made, connecting fails before the process hears anything else: without a pause it would never hear of its end. */
const retryMs = 10;

type Connecting = { readonly connects: Connects; readonly secure: boolean; isRunning(): boolean };

/** `tookMs`: of the connection that is open. */
export function connectInTurn(client: ClosedClient, flow: Connecting): { readonly tookMs: number } {
  const { connects, secure, isRunning } = flow;
  const connecting = { tookMs: 0 };
  const connect = client._connect.bind(client);
  let isOpened = true;
  let isWaiting = false;
  const open = (): void => {
    client.reconnectRate = undefined;
    isOpened = false;
    const beganAt = performance.now();
    connect();
    client.conn.once(secure ? 'secureConnect' : 'connect', () => {
      isOpened = true;
      connecting.tookMs = performance.now() - beganAt;
      connects.opened(connecting.tookMs);
    });
  };
  client._connect = () => {
    if (isOpened) open();
    else if (!isWaiting) {
      // TLS says of one end that it was an end and an error.
      isWaiting = true;
      setTimeout(() => {
        isWaiting = false;
        if (isRunning()) open();
      }, retryMs);
    }
  };
  return connecting;
}

/** P3, P4, P5: the old socket must not speak into the new one's parser, nor its unanswered request stand in the queue. */
export function replaceSocket(client: ClosedClient, old: Socket | undefined): void {
  if (old && old !== client.conn) {
    detach(client, old);
    old.destroy();
  }
  client.pipelinedRequests.clear();
  client.parser.reinitialize(client.parser.type);
}

export function detach(client: ClosedClient, old: Socket): void {
  for (const event of ['data', 'end', 'error']) old.removeAllListeners(event);
  old.on('error', () => {}); // Without a listener the socket would throw an error that no longer matters.
  old.resume();
  client.pipelinedRequests.clear();
}
