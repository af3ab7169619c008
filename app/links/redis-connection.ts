import { Redis } from 'ioredis';
import { UserError } from '../user-error.ts';

/** The connections of the store. There are two, because a subscribed connection takes no other command. */
export interface Connections {
  readonly commands: Redis;
  /** host:port, without the password. */
  readonly place: string;
  close(): void;
}

interface Subscription {
  readonly channel: string;
  readonly onMessage: (message: string) => void;
  /** Called after each (re)subscription; messages before it may have been missed. */
  readonly onSubscribed: () => void;
}

export type Log = (line: string) => void;

const CONNECT_LIMIT_MS = 2_000;
const COMMAND_LIMIT_MS = 2_000;
const LONGEST_RETRY_MS = 1_000;

/**
 * Connects, and reconnects whenever the connection is lost; commands meanwhile fail at once. Throws a UserError when Redis
 * cannot be reached.
 */
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
    // This fails when the connection is lost again; the next "ready" retries.
    listener.subscribe(subscription.channel).then(subscription.onSubscribed, (error: Error) => {
      lastReason = error.message;
    });
  });
  try {
    await Promise.all([commands.connect(), listener.connect()]);
  } catch (cause) {
    close();
    throw new UserError(`Cannot connect to Redis at ${place}. Start Redis or correct STORE_URL.`, { cause });
  }
  let isConnected = true;
  commands.on('close', () => {
    if (isConnected)
      log(
        `Lost the connection to Redis at ${place} (${lastReason}). Cached links still redirect; other requests get 503.`,
      );
    isConnected = false;
  });
  commands.on('ready', () => {
    isConnected = true;
    log(`Reconnected to Redis at ${place}.`);
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
