import type { Link } from './link.ts';

export type CreateResult = 'created' | 'taken';

/** Where the links live. Every write is answered only once it is durable. */
export interface LinkStore {
  /** The location of a code, at once, if it is at hand; undefined says only that `find` must be asked. */
  peek(code: string): string | undefined;
  /** The link of a code as every process sees it now. */
  find(code: string): Promise<Link | undefined>;
  /** Stores a link unless its code is taken; of two creations of one code exactly one wins. */
  create(link: Link): Promise<CreateResult>;
  /** Stores links of the installation itself: new ones are added, and only links without an owner are replaced. */
  seed(links: readonly Link[]): Promise<void>;
  /** The codes that a visitor has created, oldest first. */
  codesOf(owner: string): Promise<string[]>;
  close(): Promise<void>;
}
