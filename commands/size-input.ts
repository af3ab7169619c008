// The files that `headroom size` reads beside the run.
import { readFileSync } from 'node:fs';
import { extendCatalogue, type InstanceCatalogue, instanceCatalogue } from '../model/instance-catalogue.ts';
import { UserError } from '../model/user-error.ts';

/** The shipped catalogue, with the types and prices of `file` when one is given. */
export function readCatalogue(file: string | undefined): InstanceCatalogue {
  return file === undefined ? instanceCatalogue : extendCatalogue(readJsonFile(file), file);
}

/** A JSON file; one that cannot be read or parsed is the user's mistake. */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UserError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
