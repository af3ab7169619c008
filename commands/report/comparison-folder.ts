// Where a comparison goes when nobody said: another question about a run must not replace the answer that is there.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readJsonFile } from '../../loadtest/profiles/json-file.ts';
import { UserError } from '../../model/user-error.ts';

/** Of the report.json of a comparison, what was asked. */
const askedSchema = z.object({
  baseline: z.object({ run: z.object({ id: z.string() }) }),
  margins: z.array(z.object({ expression: z.string() })),
});

/** `comparison` in the run's folder, or the first of `comparison-2`, `-3` ... that is free or answers the same question. */
export function comparisonFolder(run: string, baselineId: string, margins: readonly string[]): string {
  const asked = JSON.stringify([baselineId, margins]);
  for (let number = 1; ; number++) {
    const folder = join(run, number === 1 ? 'comparison' : `comparison-${number}`);
    const file = join(folder, 'report.json');
    if (!existsSync(folder) || readdirSync(folder).length === 0) return folder;
    const found = askedSchema.safeParse(readIfWhole(file));
    // What is no comparison of ours is not overwritten either.
    if (!found.success) continue;
    const { baseline, margins: stated } = found.data;
    if (JSON.stringify([baseline.run.id, stated.map(({ expression }) => expression)]) === asked) return folder;
  }
}

/** Undefined for a file that is not there or was cut off. */
function readIfWhole(file: string): unknown {
  try {
    return readJsonFile(file);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
