// Both targets of a pair are checked before either is loaded.
import { askTarget } from '../run/begin-run.ts';
import { checkRun } from '../run/check-run.ts';
import type { Pair } from '../run/pair.ts';
import type { StressSettings } from './stress-settings.ts';

/** Throws a UserError for a target that may not be loaded, or does not answer as it should. */
export async function checkPair(settings: StressSettings, { sides }: Pair): Promise<void> {
  const checked = sides.map(({ target }) => ({ target, ...checkRun({ ...settings, target }) }));
  for (const { target, ...run } of checked) await askTarget(target.origin, settings, run);
}
