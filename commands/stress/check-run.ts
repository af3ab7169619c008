// What the options of a run come to, checked before anything is started.
import { checkRoutes } from '../../loadtest/profiles/check-routes.ts';
import { checkHostAllowed } from '../../loadtest/target/preflight.ts';
import { isHere } from '../../model/is-here.ts';
import { parseThreshold } from '../../model/threshold.ts';
import { UserError } from '../../model/user-error.ts';
import type { SourceChoice } from '../../monitors/collectors/source-choice.ts';
import { type ChosenRoutes, chooseRoutes } from './choose-routes.ts';
import type { StressOptions } from './stress-options.ts';

export type CheckedRun = ChosenRoutes & {
  readonly thresholds: readonly string[];
  readonly sources: readonly SourceChoice[];
};

/** Throws a UserError for what does not fit. */
export function checkRun(
  options: Parameters<typeof chooseRoutes>[0] & Pick<StressOptions, 'thresholds' | 'allowHost' | 'sources'>,
): CheckedRun {
  const { profile, target } = options;
  const thresholds = (options.thresholds ?? profile.thresholds).map((text) => parseThreshold(text).expression);
  const twice = thresholds.find((each, index) => thresholds.indexOf(each) !== index);
  if (twice !== undefined) throw new UserError(`the threshold '${twice}' is given twice: leave one of them out`);
  if (target) checkHostAllowed(target, options.allowHost);
  const chosen = chooseRoutes(options);
  if (!options.replay) checkRoutes(chosen.routes, profile.stages);
  return { ...chosen, thresholds, sources: options.sources ?? defaultSources(target) };
}

/** The local kernel sees a target only on this machine. */
function defaultSources(target: URL | undefined): SourceChoice[] {
  return isHere(target) ? [{ kind: 'local' }] : [];
}
