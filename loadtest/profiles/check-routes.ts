// Routes that no engine can send are refused before anything is started.
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { kindOf, type ProfileStage, type Route } from '../../model/profile.ts';
import { UserError } from '../../model/user-error.ts';

/** The engines frame messages and keep connections themselves. */
const framing = new Set(['expect', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** Throws a UserError that names the first route that cannot be sent in these stages, and why. */
export function checkRoutes(routes: readonly Route[], stages: readonly ProfileStage[]): void {
  const counted = stages.find((stage) => kindOf(stage).engine(stage) === 'closed');
  for (const { name, method, path, headers } of routes) {
    const fail = (why: string): never => {
      throw new UserError(`route ${name}: ${why}`);
    };
    if (method === 'HEAD' && counted)
      fail(`stage ${counted.name} cannot count responses to HEAD. Use an open stage (--rate), or another method`);
    if (!/^[!-~]+$/.test(path) || path.includes('#'))
      fail(`the path ${JSON.stringify(path)} must be ASCII without blanks and #: write them as %20 and the like`);
    for (const [header, value] of Object.entries(headers)) {
      if (framing.has(header.toLowerCase())) fail(`the header ${header} cannot be set: leave it out`);
      try {
        validateHeaderName(header);
        validateHeaderValue(header, value);
      } catch (cause) {
        fail(`the header ${JSON.stringify(header)} cannot be sent (${(cause as Error).message})`);
      }
    }
  }
}
