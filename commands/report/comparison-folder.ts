// Where a comparison goes without --out: it must not replace a comparison with another baseline or other margins.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readJsonFile } from '../../loadtest/profiles/json-file.ts';
import { UserError } from '../../model/user-error.ts';

/** The question in the report.json of a comparison. */
const askedSchema = z.object({
  baseline: z.object({ run: z.object({ id: z.string() }) }),
  margins: z.array(z.object({ expression: z.string() })),
});

/** `comparison` in the run's folder, or the first of `comparison-2`, `-3` ... that is free or has the same baseline and margins. */
export function comparisonFolder(run: string, baselineId: string, margins: readonly string[]): string {
  const asked = JSON.stringify([baselineId, margins]);
  for (let number = 1; ; number++) {
    const folder = join(run, number === 1 ? 'comparison' : `comparison-${number}`);
    const file = join(folder, 'report.json');
    if (!existsSync(folder) || readdirSync(folder).length === 0) return folder;
    const found = askedSchema.safeParse(readIfWhole(file));
    // Any other file is not overwritten either.
    if (!found.success) continue;
    const { baseline, margins: stated } = found.data;
    if (JSON.stringify([baseline.run.id, stated.map(({ expression }) => expression)]) === asked) return folder;
  }
}

/** Undefined for a missing or truncated file. */
function readIfWhole(file: string): unknown {
  try {
    return readJsonFile(file);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
