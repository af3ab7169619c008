// `report --predictions`: how often the intervals of predictions held, over the runs of a folder.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { wrapLines } from '../../reports/format/wrap.ts';
import { describeLedger } from '../../reports/messages/ledger.ts';
import { type Ledger, makeLedger } from '../../reports/sizing/ledger.ts';
import { readSizing } from '../../reports/write.ts';
import { checkFolder } from './kept-runs.ts';

/** The ledger of all run folders in `dir`. Throws a UserError where there is no such folder, and for a sizing.json that is broken. */
export function reportPredictions(
  dir: string,
  columns: number | undefined,
): { readonly document: object; readonly text: string } {
  checkFolder(dir);
  const ledger = readLedger(dir);
  return { document: { runs: dir, ...ledger, exitCode: 0 }, text: wrapLines(describeLedger(ledger), columns) };
}

/** Of all run folders in `dir`. Throws a UserError for a sizing.json that is broken. */
export function readLedger(dir: string): Ledger {
  const folders = readdirSync(dir, { withFileTypes: true }).filter((each) => each.isDirectory());
  return makeLedger(folders.flatMap(({ name }) => readSizing(join(dir, name))?.record ?? []));
}
