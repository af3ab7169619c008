import { Redis } from 'ioredis';
import { UserError } from '../user-error.ts';

/** The two connections that the store needs: a subscribed one can do nothing else. */
export interface Connections {
  readonly commands: Redis;
  /** host:port, never the password. */
  readonly place: string;
  close(): void;
}

export interface Subscription {
  readonly channel: string;
  readonly onMessage: (message: string) => void;
  /** Called each time that the subscription stands (again); messages may have been missed before. */
  readonly onSubscribed: () => void;
}

export type Log = (line: string) => void;

const CONNECT_LIMIT_MS = 2_000;
const COMMAND_LIMIT_MS = 2_000;
const LONGEST_RETRY_MS = 1_000;

/** Connects, and from then on reconnects by itself for ever; a command in the meantime fails at once. */
export async function connectRedis(storeUrl: string, subscription: Subscription, log: Log): Promise<Connections> {
  const place = new URL(storeUrl).host;
  const commands = client(storeUrl);
  const listener = client(storeUrl);
  const close = (): void => {
    commands.removeAllListeners('close');
    commands.disconnect();
    listener.disconnect();
  };
  let lastReason = 'the connection was closed';
  for (const redis of [commands, listener]) {
    redis.on('error', (error: Error) => {
      lastReason = error.message;
    });
  }
  listener.on('message', (_channel, message) => subscription.onMessage(message));
  listener.on('ready', () => {
    // When this fails the connection has gone again, and its next "ready" brings us back here.
    listener.subscribe(subscription.channel).then(subscription.onSubscribed, (error: Error) => {
      lastReason = error.message;
    });
  });
  try {
    await Promise.all([commands.connect(), listener.connect()]);
  } catch (cause) {
    close();
    throw new UserError(`Cannot reach Redis at ${place}. Start it or correct STORE_URL.`, { cause });
  }
  let isThere = true;
  commands.on('close', () => {
    if (isThere) log(`Redis at ${place} is gone (${lastReason}). Known links still redirect; the rest answers 503.`);
    isThere = false;
  });
  commands.on('ready', () => {
    isThere = true;
    log(`Redis at ${place} is back.`);
  });
  return { commands, place, close };
}

function client(storeUrl: string): Redis {
  return new Redis(storeUrl, {
    lazyConnect: true,
    connectTimeout: CONNECT_LIMIT_MS,
    commandTimeout: COMMAND_LIMIT_MS,
    enableOfflineQueue: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_RETRY_MS),
  });
}
