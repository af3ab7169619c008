// The files that `headroom size` reads beside the run.

import { readJsonFile } from '../../loadtest/profiles/json-file.ts';
import { extendCatalogue, type InstanceCatalogue, instanceCatalogue } from '../../model/instance-catalogue.ts';

/** The shipped catalogue, with the types and prices of `file` when one is given. */
export function readCatalogue(file: string | undefined): InstanceCatalogue {
  return file === undefined ? instanceCatalogue : extendCatalogue(readJsonFile(file), file);
}
