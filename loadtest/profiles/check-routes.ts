// What no engine can send is said before anything is started, not when its stage begins.
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { ProfileStage, Route } from '../../model/profile.ts';
import { UserError } from '../../model/user-error.ts';

/** How a message is framed and its connection kept is the engines' own; undici sends none of these. */
const framing = new Set(['expect', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** Throws a UserError that names the first route that cannot be sent in these stages, and why. */
export function checkSendable(routes: readonly Route[], stages: readonly ProfileStage[]): void {
  const counted = stages.find(
    (stage) => stage.kind === 'ladder' || (stage.kind === 'closed' && stage.thinkTimeS === undefined),
  );
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
