// What the commands of `headroom size` share.
import { readJsonFile } from '../../loadtest/profiles/json-file.ts';
import {
  extendCatalogue,
  type InstanceCatalogue,
  instanceCatalogue,
} from '../../model/catalogue/instance-catalogue.ts';
import { parseCreditStart } from '../../model/credits/credit-lifecycle.ts';
import { textFlag } from '../cli/flags.ts';

/** The shipped catalogue, with the types and prices of `file` when one is given. */
export function readCatalogue(file: string | undefined): InstanceCatalogue {
  return file === undefined ? instanceCatalogue : extendCatalogue(readJsonFile(file), file);
}

export const startFlag = textFlag(
  'CPU credits at the start: launch, full, empty, or like launch=30,earned=12 (default: launch).',
);

/** The value of --start. */
export const chooseStart = (start: string | undefined) => parseCreditStart(start ?? 'launch', '--start');

export const modeFlag = {
  choices: ['standard', 'unlimited'],
  requiresArg: true,
  describe: 'CPU credit mode (default: that of the instance type).',
} as const;

export const typesFlag = textFlag('JSON file with your own instance types and prices.');
