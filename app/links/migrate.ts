import { UserError } from '../user-error.ts';

/** Where a store notes the version of its schema. */
export interface VersionNote {
  /** Folder or address of the store, for messages. */
  readonly place: string;
  /** undefined in a new store. */
  read(): Promise<number | undefined>;
  write(version: number): Promise<void>;
}

/** Brings a store from one version to the next; must be safe to run again after a crash in its middle. */
export type Step = () => Promise<void>;

/** Steps from version n to n + 1, the first from version 1; the newest version is one more than their number. */
export async function migrate(note: VersionNote, steps: readonly Step[] = []): Promise<void> {
  const newest = steps.length + 1;
  const version = await note.read();
  if (version === undefined) return note.write(newest);
  if (version > newest) {
    throw new UserError(
      `The links in ${note.place} have schema ${version}, this headroom knows ${newest}. ` +
        'Install the newer headroom or use another store.',
    );
  }
  for (let from = version; from < newest; from += 1) {
    await steps[from - 1]?.();
    // Noted after every step, so that an interrupted upgrade goes on where it stopped.
    await note.write(from + 1);
  }
}
