import type { Link } from './link.ts';

export type CreateResult = 'created' | 'taken';

/** Where the links live. Every write of a link is answered only once it is durable. */
export interface LinkStore {
  /** The location of a code, at once, if it is at hand; undefined says only that `find` must be asked. */
  peek(code: string): string | undefined;
  /** The link of a code as every process sees it now. */
  find(code: string): Promise<Link | undefined>;
  /** Stores a link unless its code is taken; of two creations of one code exactly one wins. */
  create(link: Link): Promise<CreateResult>;
  /** Removes a link and its visits if this visitor made it, and returns what was removed. */
  remove(code: string, owner: string): Promise<Link | undefined>;
  /** Stores links of the installation itself: new ones are added, and only links without an owner are replaced. */
  seed(links: readonly Link[]): Promise<void>;
  /** The codes that a visitor has created, oldest first. */
  codesOf(owner: string): Promise<string[]>;
  /** Adds visits by code. */
  addVisits(counts: ReadonlyMap<string, number>): Promise<void>;
  visitsOf(code: string): Promise<number>;
  /** Every link, in no promised order. */
  all(): AsyncIterable<Link>;
  /** Another process of this host has removed or replaced the link of a code. */
  forget(code: string): void;
  /** Rejects with StoreUnavailable when no link could be read now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** What a store tells whoever opened it. */
export interface StoreListeners {
  readonly log: (line: string) => void;
  /** This process has removed or replaced the link of a code; the other ones of this host must `forget` it. */
  readonly onForgotten: (code: string) => void;
}

/** The store cannot be reached or written at the moment; what was asked is not promised and may be asked again. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
  readonly status = 503;
  readonly retryAfterS = 5;
}
