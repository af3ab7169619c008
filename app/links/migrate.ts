import { UserError } from '../user-error.ts';

/** Where a store keeps the version of its schema. */
interface SchemaVersion {
  /** Folder or address of the store, for messages. */
  readonly place: string;
  /** Undefined in a new store. */
  read(): Promise<number | undefined>;
  write(version: number): Promise<void>;
}

/** Upgrades a store by one version; must be safe to run again after a crash in the middle. */
type Step = () => Promise<void>;

/**
 * Upgrades a store to the newest version, which is one more than the number of steps: the first step leads from version 1
 * to 2. Throws a UserError when the store is newer than that.
 */
export async function migrate(schema: SchemaVersion, steps: readonly Step[] = []): Promise<void> {
  const newest = steps.length + 1;
  const version = await schema.read();
  if (version === undefined) return schema.write(newest);
  if (version > newest) {
    throw new UserError(
      `The store in ${schema.place} has schema version ${version}, but this version of headroom supports ${newest}. ` +
        'Install a newer headroom, or use another store.',
    );
  }
  for (let from = version; from < newest; from += 1) {
    await steps[from - 1]?.();
    // Written after every step, so that an interrupted upgrade resumes at the right step.
    await schema.write(from + 1);
  }
}
