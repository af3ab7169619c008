// What the options of a run come to, checked before anything is started.
import { checkOpenFiles } from '../../../loadtest/generators/open-files.ts';
import { checkRoutes } from '../../../loadtest/profiles/check-routes.ts';
import { checkHostAllowed } from '../../../loadtest/target/preflight.ts';
import { isHere } from '../../../model/is-here.ts';
import { parseThreshold } from '../../../model/threshold.ts';
import { UserError } from '../../../model/user-error.ts';
import type { SourceChoice } from '../../../monitors/collectors/source-choice.ts';
import { type ChosenRoutes, chooseRoutes } from '../options/choose-routes.ts';
import type { StressOptions } from '../options/stress-options.ts';

export type CheckedRun = ChosenRoutes & {
  readonly thresholds: readonly string[];
  readonly sources: readonly SourceChoice[];
};

/** Throws a UserError for what does not fit. */
export function checkRun(
  options: Parameters<typeof chooseRoutes>[0] &
    Pick<StressOptions, 'thresholds' | 'allowHost' | 'sources' | 'generators'>,
): CheckedRun {
  const { profile, target } = options;
  const thresholds = distinct(options.thresholds ?? profile.thresholds);
  if (target) checkHostAllowed(target, options.allowHost);
  checkOpenFiles(profile, { generators: options.generators, startsApp: target === undefined });
  const chosen = chooseRoutes(options);
  // Closed stages of a walk are sent by the engine of users, which counts every response.
  if (!options.replay) checkRoutes(chosen.routes, chosen.walk ? [] : profile.stages);
  return { ...chosen, thresholds, sources: options.sources ?? defaultSources(target) };
}

/** In their normal form. Throws a UserError where two say the same, also in other units. */
function distinct(texts: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  for (const text of texts) {
    const { expression, metric, aggregation, operator, limit } = parseThreshold(text);
    const meaning = [metric, aggregation, operator, Number(limit.toPrecision(12))].join(' ');
    const other = seen.get(meaning);
    if (other === expression)
      throw new UserError(`the threshold '${expression}' is given twice: leave one of them out`);
    if (other !== undefined)
      throw new UserError(`the thresholds '${other}' and '${expression}' are the same: leave one of them out`);
    seen.set(meaning, expression);
  }
  return [...seen.values()];
}

/** The local kernel sees a target only on this machine. */
function defaultSources(target: URL | undefined): SourceChoice[] {
  return isHere(target) ? [{ kind: 'local' }] : [];
}
