// The flags of `headroom stress` that replay an access log.
import { UserError } from '../../../model/user-error.ts';
import { type Flags, listFlag, numberFlag, textFlag } from '../../cli/flags.ts';

export const replayFlags = {
  replay: listFlag('Access log whose requests are sent at their own moments (files, patterns, - for stdin).'),
  speed: numberFlag(
    'How many times as fast as the log (default: 1); with --credit-clock of the same number each request is kept with the chance 1/N.',
  ),
  from: textFlag("Start of the part to replay, like 14:30 (of the log's first day) or 2026-03-12T14:30:00Z."),
  to: textFlag('End of that part.'),
  'replay-methods': listFlag(
    'Methods to send, with the body of those that have one, like \'POST={"item": {n}}\' or POST=@body.json (default: GET,HEAD).',
  ),
} as const satisfies Flags;

export type ReplayFlags = {
  readonly replay?: readonly string[] | undefined;
  readonly speed?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly replayMethods?: readonly string[] | undefined;
  readonly creditClock?: number | undefined;
};

const safe = ['GET', 'HEAD'];
const withBody = ['POST', 'PUT', 'PATCH'];
const sent = [...safe, ...withBody, 'DELETE'];

/** Methods to send, and the bodies of those that have one. */
type ReplayMethods = {
  readonly methods: ReadonlySet<string>;
  readonly bodies: Readonly<Record<string, string>>;
};

/** `readBody` reads the file of `METHOD=@FILE`. Throws a UserError for a method that is not sent, or lacks its body. */
export function parseMethods(given: readonly string[] | undefined, readBody: (file: string) => string): ReplayMethods {
  const methods = new Set<string>();
  const bodies: Record<string, string> = {};
  for (const part of given ?? [safe.join()]) {
    const [, names = part, body] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    for (const name of names.split(',').map((each) => each.trim().toUpperCase())) {
      if (!sent.includes(name))
        throw new UserError(`--replay-methods ${name || "''"} is not one of ${sent.join(', ')}`);
      methods.add(name);
    }
    if (body === undefined) continue;
    const last = names.split(',').at(-1)?.trim().toUpperCase() as string;
    bodies[last] = body.startsWith('@') ? readBody(body.slice(1)) : body;
  }
  const bare = withBody.find((each) => methods.has(each) && bodies[each] === undefined);
  if (bare)
    throw new UserError(
      `--replay-methods ${bare}: a log has no bodies. Give the one to send, like --replay-methods '${bare}={"n": {n}}', or ${bare}= for an empty one`,
    );
  return { methods, bodies };
}

/** Speed, and the share of the requests that is kept. Throws a UserError for a speed that is none, or not that of the credits. */
export function parseSpeed({ speed = 1, creditClock }: ReplayFlags): { readonly speed: number; readonly keep: number } {
  if (!(speed > 0 && speed <= 10_000)) throw new UserError('--speed must be above 0 and at most 10000');
  if (creditClock === undefined || creditClock === 1) return { speed, keep: 1 };
  if (creditClock !== speed)
    throw new UserError(
      `--credit-clock ${creditClock} and --speed ${speed} differ: credits would run out at another time of the log. Give --speed ${creditClock} --credit-clock ${creditClock}`,
    );
  return { speed, keep: Math.min(1, 1 / speed) };
}

/** Throws a UserError for a flag that the log decides, or that needs one. */
export function refuseBeside(argv: ReplayFlags & Readonly<Record<string, unknown>>): void {
  if (argv.replay === undefined) {
    const alone = (['speed', 'from', 'to', 'replayMethods'] as const).find((name) => argv[name] !== undefined);
    if (alone === undefined) return;
    throw new UserError(
      `--${alone === 'replayMethods' ? 'replay-methods' : alone} is about a replay: add --replay access.log`,
    );
  }
  const decided = [
    'profile',
    'rate',
    'connections',
    'duration',
    'poisson',
    'during',
    'slo',
    'expect',
    'routes',
    'method',
    'body',
    'pair',
    'har',
    'once',
  ];
  const beside = decided.find((name) => argv[name] !== undefined && argv[name] !== false);
  if (beside !== undefined)
    throw new UserError(
      `--${beside} does not go with --replay: the log says what is sent, when, and with which status. Leave it out`,
    );
}
