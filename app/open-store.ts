import { join } from 'node:path';
import type { LinkStore, StoreListeners } from './store.ts';

export interface StorePlace {
  readonly dataDir: string;
  /** redis://... ; absent: LMDB in the data folder. */
  readonly storeUrl?: string;
}

/** Opens the store that the settings name; the other one is not even loaded. */
export async function openStore({ dataDir, storeUrl }: StorePlace, listeners: StoreListeners): Promise<LinkStore> {
  if (storeUrl) return (await import('./redis-store.ts')).openRedisStore(storeUrl, listeners.log);
  return (await import('./lmdb-store.ts')).openLmdbStore(join(dataDir, 'links'), listeners);
}
