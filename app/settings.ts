import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { AgentAddress } from './telemetry/statsd.ts';
import { UserError } from './user-error.ts';

/** The settings of the app, read from the environment and checked. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** This app runs beside the one that owns the data folder, such as a release that is being checked. */
  readonly sharesDataDir: boolean;
  readonly workers: number;
  readonly urlsFile: string;
  readonly maxUploadBytes: number;
  /** What all uploaded files may take together. */
  readonly maxFilesBytes: number;
  /** Creations per minute and address; 0 means no limit. */
  readonly createLimit: number;
  /** Addresses of the proxies whose X-Forwarded-For header is trusted. */
  readonly trustProxy: readonly string[];
  /** Absent only outside production: then each start draws its own. */
  readonly sessionSecret?: string;
  /** redis://...; absent: LMDB in the data folder. */
  readonly storeUrl?: string;
  /** The Datadog agent that receives request metrics; absent: none. */
  readonly agent?: AgentAddress;
}

type Environment = Readonly<Record<string, string | undefined>>;

const MEGABYTE = 1024 * 1024;
/** Shorter ones can be guessed from a cookie. */
const SHORTEST_SECRET = 32;
const NAMED_PROXIES = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Reads the settings; an empty variable counts as absent. Throws a UserError that names the variable to correct. */
export function readSettings(environment: Environment): Settings {
  const text = (name: string): string | undefined => environment[name] || undefined;
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const value = text(name);
    if (value === undefined) return fallback;
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new UserError(`${name} is "${value}". Set it to a whole number from ${min} to ${max}, or unset it.`);
  };

  const sessionSecret = text('SESSION_SECRET');
  if ((sessionSecret?.length ?? 0) < SHORTEST_SECRET && text('NODE_ENV') === 'production') {
    const problem = sessionSecret ? `has fewer than ${SHORTEST_SECRET} characters` : 'is missing';
    throw new UserError(
      `SESSION_SECRET ${problem}. Set it to a long random string, such as the output of \`openssl rand -base64 32\`.`,
    );
  }
  const storeUrl = text('STORE_URL');
  if (storeUrl && !(/^rediss?:\/\/[^/]/.test(storeUrl) && URL.canParse(storeUrl))) {
    throw new UserError(
      'STORE_URL is not a Redis address. Set it to redis://HOST:PORT, or unset it to store the links in DATA_DIR.',
    );
  }
  const agentHost = text('DD_AGENT_HOST');
  if (agentHost && !/^[\w.:-]+$/.test(agentHost)) {
    throw new UserError(
      `DD_AGENT_HOST is "${agentHost}". Set it to the host name or IP address of the Datadog agent, such as 127.0.0.1.`,
    );
  }
  const agentPort = integer('DD_DOGSTATSD_PORT', 8125, 1, 65_535);
  return {
    port: integer('PORT', 8000, 0, 65_535),
    host: text('HOST') ?? '127.0.0.1',
    dataDir: resolve(text('DATA_DIR') ?? 'data'),
    sharesDataDir: text('DATA_SHARED') !== undefined,
    workers: integer('WORKERS', availableParallelism(), 1, 64),
    urlsFile: resolve(text('URLS_FILE') ?? join(import.meta.dirname, '..', 'urls.json')),
    maxUploadBytes: 10 * MEGABYTE,
    maxFilesBytes: integer('MAX_FILES_MB', 1024, 0, 1_000_000) * MEGABYTE,
    createLimit: integer('CREATE_LIMIT', 60, 0, 1_000_000),
    trustProxy: proxiesIn(text('TRUST_PROXY')),
    ...(sessionSecret && { sessionSecret }),
    ...(storeUrl && { storeUrl }),
    ...(agentHost && { agent: { host: agentHost, port: agentPort } }),
  };
}

function proxiesIn(text: string | undefined): string[] {
  const proxies = text?.split(',').map((proxy) => proxy.trim()) ?? [];
  for (const proxy of proxies) {
    if (NAMED_PROXIES.has(proxy) || isNetwork(proxy)) continue;
    throw new UserError(
      `TRUST_PROXY contains "${proxy}". Set it to the addresses of your proxies, such as "loopback" or "10.0.0.0/8,fd00::1".`,
    );
  }
  return proxies;
}

function isNetwork(text: string): boolean {
  const [address = '', bits = '1', ...more] = text.split('/');
  const version = isIP(address);
  return version !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}
