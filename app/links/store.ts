import type { Link } from './link.ts';

type CreateResult = 'created' | 'taken';

/** The store of the links. Every write of a link resolves once it is durable. */
export interface LinkStore {
  /** The location of a code if it is at hand, synchronously; undefined means that `find` must be asked. */
  peek(code: string): string | undefined;
  /** The link of a code, with the writes of all processes so far. */
  find(code: string): Promise<Link | undefined>;
  /** Stores a link unless its code is taken; of two creations of one code exactly one wins. */
  create(link: Link): Promise<CreateResult>;
  /** Removes a link and its visits if this visitor created it, and returns it; else undefined. */
  remove(code: string, owner: string): Promise<Link | undefined>;
  /** Stores links without an owner: adds new ones, and replaces existing ones unless a visitor created them. */
  seed(links: readonly Link[]): Promise<void>;
  /** The codes that a visitor has created, oldest first. */
  codesOf(owner: string): Promise<string[]>;
  /** Adds visits by code. */
  addVisits(counts: ReadonlyMap<string, number>): Promise<void>;
  visitsOf(code: string): Promise<number>;
  /** Every link, in no particular order. */
  all(): AsyncIterable<Link>;
  /** Drops cached data of a code that another process of this host has removed or replaced. */
  forget(code: string): void;
  /** Rejects with StoreUnavailable when links cannot be read at the moment. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** What a store reports. */
export interface StoreListeners {
  readonly log: (line: string) => void;
  /** This process has removed or replaced the link of a code; the other processes of this host must `forget` it. */
  readonly onForgotten: (code: string) => void;
}

/** The store cannot be reached or written at the moment. The operation may or may not have happened; it can be retried. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
  readonly status = 503;
  readonly retryAfterS = 5;
}
