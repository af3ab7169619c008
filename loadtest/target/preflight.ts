// Before the first request of the load: does the target answer, and as expected?
import type { Finding } from '../../model/finding.ts';
import { isHere } from '../../model/is-here.ts';
import type { Route } from '../../model/profile.ts';
import { UserError } from '../../model/user-error.ts';
import { describeFailure, loadFinding } from '../messages.ts';
import type { WalkPlan } from '../walks/read-walk.ts';
import { type Answer, ask } from './ask.ts';
import { localPortsFor } from './local-ports.ts';
import { sendOnce, shownPath, withoutQuery } from './send-once.ts';

/** Loopback needs no permission. Any other host must be repeated in full, so that a typo cannot load somebody else's host. */
export function checkHostAllowed(target: URL, allowedHost: string | undefined): void {
  const host = target.hostname.replace(/^\[|\]$/g, '');
  if (isHere(target) || allowedHost?.split(',').includes(host)) return;
  const repeated = allowedHost === undefined ? '' : `, not ${allowedHost}`;
  throw new UserError(
    `${host} is another machine. If you may load it, repeat its name: --allow-host ${host}${repeated}`,
  );
}

export type Preflight = {
  /** What is odd but measurable. */
  readonly findings: readonly Finding[];
  /** The target closes a connection after its response. */
  readonly closesEach: boolean;
};

type AskOptions = {
  readonly insecure: boolean;
  readonly timeoutS: number;
  /** Ends the wait for an answer. */
  readonly signal?: AbortSignal;
};

/**
 * Sends each route of the mix once. Throws a UserError that says what is wrong with the target. `redirectsTo` gives, by path, where a
 * redirect must lead. `closed`: closed stages follow, which cannot count every response.
 */
export async function preflight(
  origin: string,
  routes: readonly Route[],
  redirectsTo: Readonly<Record<string, string>>,
  options: AskOptions & { readonly closed: boolean },
): Promise<Preflight> {
  const findings: Finding[] = [];
  const answers: Answer[] = [];
  for (const route of routes) {
    const url = new URL(`${origin}${route.path}`);
    const answer = await ask(origin, route, options.insecure, options);
    answers.push(answer);
    const { status } = answer;
    const location = answer.headers.get('location');
    if (!route.expect.includes(status)) throw new UserError(unexpected(withoutQuery(url.href), route, answer));
    const wanted = redirectsTo[route.path];
    if (wanted !== undefined && location !== wanted) {
      throw new UserError(
        `${url.href} redirects to ${location ?? 'no location'}, but urls.json has ${wanted}. Import the same links into the target, or leave --routes out to load the page alone`,
      );
    }
    if (wanted === undefined && status >= 300 && status < 400 && location !== undefined && routes.length === 1) {
      findings.push(loadFinding('redirect-measured', { url: url.href, location }));
    }
    const uncountable = options.closed ? whyUncountable(answer) : undefined;
    if (uncountable !== undefined) throw new UserError(`${url.href} ${uncountable}, or use an open stage (--rate)`);
  }
  const { findings: ofPorts, closesEach } = closingOf(origin, answers);
  return { findings: [...findings, ...ofPorts], closesEach };
}

/** What the answers say of connections. */
function closingOf(origin: string, answers: readonly Answer[]): Preflight {
  const closing = answers.filter(({ persistent }) => !persistent);
  const ports = closing.some(({ closedByTarget }) => !closedByTarget) && localPortsFor(isHere(new URL(origin)));
  return { findings: ports ? [loadFinding('ports-limit-rate', ports)] : [], closesEach: closing.length > 0 };
}

/** The same of a walk, whose steps one user sends in order. */
export async function preflightWalk(origin: string, walk: WalkPlan, options: AskOptions): Promise<Preflight> {
  const answers: Answer[] = [];
  for await (const { step, answer, failure } of sendOnce(origin, walk, { ...options, bodyBytes: 0 })) {
    answers.push(answer);
    if (failure?.why === 'status')
      throw new UserError(`step ${step.name}: ${unexpected(`${origin}${shownPath(step)}`, step, answer)}`);
    if (failure)
      throw new UserError(
        `step ${step.name} (${step.method} ${shownPath(step)}) was answered ${answer.status}, but ${describeFailure(failure)}. Look at the response with --once`,
      );
  }
  return closingOf(origin, answers);
}

function unexpected(
  url: string,
  { method, body, headers, expect }: Pick<Route, 'method' | 'body' | 'headers' | 'expect'>,
  { status, headers: answered }: Answer,
): string {
  const location = answered.get('location');
  const leads = location === undefined ? '' : ` and leads to ${withoutQuery(location)}`;
  const isTyped = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  const hint =
    status === 401 || status === 403
      ? "Add credentials with --header 'Authorization: ...'"
      : body !== undefined && !isTyped
        ? "Say what the body is with --header 'Content-Type: application/json'"
        : 'Fix the target';
  return `${method} ${url} answered ${status}${leads}, expected ${describe(expect)}. ${hint}, or give the expected status with --expect (in a profile: "expect" of the route)`;
}

/** What the engine of closed stages cannot count (docs/autocannon.md, P14), and what to do about it. */
function whyUncountable({ status, headers, before }: Answer): string | undefined {
  if (before.length > 0)
    return `sends ${before.join(', ')} before its response, which a closed stage cannot count. Disable that in the target`;
  const coding = headers.get('transfer-encoding')?.toLowerCase();
  if (coding !== undefined && coding !== 'chunked')
    return `sends Transfer-Encoding: ${coding}, in which a closed stage finds no end. Send chunked alone, with the compression as Content-Encoding`;
  const framed = ['content-length', 'transfer-encoding'].find((name) => (headers.get(name) ?? '0') !== '0');
  if ((status === 304 || status === 204) && framed !== undefined)
    return `sends ${status} with a ${framed === 'content-length' ? 'Content-Length' : 'Transfer-Encoding'}, whose body a closed stage would wait for. Remove that header in the target`;
  return undefined;
}

/** 200-399 as "2xx or 3xx", others one by one. */
function describe(expect: readonly number[]): string {
  const classes = [1, 2, 3, 4, 5].filter(
    (each) => expect.filter((status) => Math.floor(status / 100) === each).length === 100,
  );
  const single = expect.filter((status) => !classes.includes(Math.floor(status / 100)));
  return [...classes.map((each) => `${each}xx`), ...single.map(String)].join(' or ');
}
