import { join } from 'node:path';
import { openFileStore } from './file-store.ts';
import { openStore } from './open-store.ts';
import { seedStore } from './seed.ts';
import type { Settings } from './settings.ts';

/** Makes the data folder ready before any worker opens it: creates, upgrades, seeds. */
export async function prepare(settings: Settings, log: (line: string) => void): Promise<void> {
  const files = openFileStore(join(settings.dataDir, 'files'));
  const store = await openStore(settings, { log, onForgotten: () => {} });
  try {
    await seedStore(store, files, settings.urlsFile);
  } finally {
    await store.close();
  }
}
