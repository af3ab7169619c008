import { join } from 'node:path';
import type { LinkStore, StoreListeners } from './store.ts';

interface StorePlace {
  readonly dataDir: string;
  /** redis://...; absent: LMDB in the data folder. */
  readonly storeUrl?: string;
}

type Open = (listeners: StoreListeners) => Promise<LinkStore>;

/** Loads only the store that the settings name, and returns the function that opens it. */
export async function loadStore({ dataDir, storeUrl }: StorePlace): Promise<Open> {
  if (storeUrl) {
    const { openRedisStore } = await import('./redis-store.ts');
    return (listeners) => openRedisStore(storeUrl, listeners.log);
  }
  const { openLmdbStore } = await import('./lmdb-store.ts');
  return (listeners) => openLmdbStore(join(dataDir, 'links'), listeners);
}

/** Opens the store that the settings name. */
export async function openStore(place: StorePlace, listeners: StoreListeners): Promise<LinkStore> {
  const open = await loadStore(place);
  return open(listeners);
}
