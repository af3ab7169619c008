// What the commands of `headroom size` share.
import { readJsonFile } from '../../loadtest/profiles/json-file.ts';
import { extendCatalogue, type InstanceCatalogue, instanceCatalogue } from '../../model/instance-catalogue.ts';

/** The shipped catalogue, with the types and prices of `file` when one is given. */
export function readCatalogue(file: string | undefined): InstanceCatalogue {
  return file === undefined ? instanceCatalogue : extendCatalogue(readJsonFile(file), file);
}

export const startFlag = {
  type: 'string',
  requiresArg: true,
  default: 'launch',
  describe: 'CPU credits at the start: launch, full, empty, or like launch=30,earned=12.',
} as const;

export const typesFlag = {
  type: 'string',
  requiresArg: true,
  describe: 'JSON file with your own instance types and prices.',
} as const;
