// Where a comparison goes without --out: it must not replace a comparison with another baseline or other margins.
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readWhole } from '../../model/run-folder.ts';

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
    const there = lstatSync(folder, { throwIfNoEntry: false });
    // What is a link leads out of the run.
    if (there && !there.isDirectory()) continue;
    if (!there || readdirSync(folder).length === 0) return folder;
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
    return JSON.parse(readWhole(file));
  } catch {
    return undefined;
  }
}
