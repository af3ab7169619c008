import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from './user-error.ts';

/** What the environment says, checked. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly workers: number;
  readonly urlsFile: string;
  readonly maxUploadBytes: number;
  readonly sessionSecret?: string;
  readonly storeUrl?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const MEGABYTE = 1024 * 1024;

/** Reads the settings of the app; an empty variable counts as absent. */
export function readSettings(environment: Environment): Settings {
  const text = (name: string): string | undefined => environment[name] || undefined;
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const value = text(name);
    if (value === undefined) return fallback;
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new UserError(`${name} is "${value}". Set it to a whole number from ${min} to ${max}, or leave it out.`);
  };

  const sessionSecret = text('SESSION_SECRET');
  const storeUrl = text('STORE_URL');
  if (storeUrl && !/^rediss?:\/\/[^/]/.test(storeUrl)) {
    throw new UserError(
      'STORE_URL is no Redis address. Set it to redis://HOST:PORT, or leave it out to store in DATA_DIR.',
    );
  }
  return {
    port: integer('PORT', 8000, 0, 65_535),
    host: text('HOST') ?? '127.0.0.1',
    dataDir: resolve(text('DATA_DIR') ?? 'data'),
    workers: integer('WORKERS', availableParallelism(), 1, 64),
    urlsFile: resolve(text('URLS_FILE') ?? join(import.meta.dirname, '..', 'urls.json')),
    maxUploadBytes: 10 * MEGABYTE,
    ...(sessionSecret && { sessionSecret }),
    ...(storeUrl && { storeUrl }),
  };
}
