// A HAR file of a browser -> the walk of the user who was recorded: requests to one site, in order, with the pauses between them.
import * as z from 'zod';
import { isHere } from '../../model/is-here.ts';
import { describeMistake } from '../../model/schema-mistake.ts';
import { UserError } from '../../model/user-error.ts';
import type { WalkStep } from '../../model/walk.ts';
import { escapeTemplate } from '../walks/template.ts';
import {
  credentialsOf,
  type HarEntry,
  harEntrySchema,
  isSameSite,
  type LeftOut,
  originOf,
  stepOf,
} from './har-entry.ts';
import { siteOf } from './har-site.ts';
import { createPathPatterns } from './path-patterns.ts';

const harSchema = z.object({ log: z.object({ entries: z.array(harEntrySchema) }) });

type RecordedWalk = {
  readonly steps: readonly WalkStep[];
  /** The site that was recorded. */
  readonly recorded: string;
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
  /** Hosts of the requests to other hosts, the most frequent first. */
  readonly otherHosts: readonly string[];
  /** Pauses that were longer than users of a test wait. */
  readonly capped: number;
  /** Cookies and headers that are secrets of the recorded site, and not for the target. */
  readonly withheld: { readonly requests: number; readonly headers: readonly string[] };
};

/** Longest pause between two requests, in seconds: who recorded it may have been away. */
const longestPauseS = 10;
/** Shorter ones are the browser's. */
const shortestPauseS = 0.2;
const mostSteps = 1000;

/** `origin`: of the target; undefined: the app is started by headroom. Throws a UserError for what is no HAR, and for one without a request to send. */
export function readHar(document: unknown, file: string, origin: string | undefined): RecordedWalk {
  const parsed = harSchema.safeParse(document);
  if (!parsed.success) {
    throw new UserError(
      `${file} is not a HAR file (${describeMistake(parsed.error.issues, document)}). Save one in the network panel of the browser (Save all as HAR)`,
    );
  }
  const entries = [...parsed.data.log.entries].sort(
    (a, b) => Date.parse(a.startedDateTime) - Date.parse(b.startedDateTime),
  );
  const origins = entries.flatMap((entry) => originOf(entry) ?? []);
  const recorded = siteOf(entries, origin);
  if (recorded === undefined)
    throw new UserError(`${file} has no HTTP request: record while the page loads, with the network panel open`);
  const { steps, ...figures } = collect(entries, recorded, origin);
  if (steps.length === 0)
    throw new UserError(
      `${file} has no request to send: its requests to ${new URL(recorded).host} have no response, or came from the cache. Record again with the cache disabled`,
    );
  if (steps.length > mostSteps)
    throw new UserError(
      `${file} has ${steps.length} requests to ${new URL(recorded).host}. Record a shorter walk, of at most ${mostSteps}`,
    );
  return { steps, recorded, otherHosts: hostsBeside(origins, recorded), ...figures };
}

function collect(entries: readonly HarEntry[], recorded: string, origin: string | undefined) {
  const leftOut: Partial<Record<LeftOut, number>> = {};
  const steps: Omit<WalkStep, 'name'>[] = [];
  const cookies = createCookies();
  const withheld: string[][] = [];
  let [lastEnd, capped] = [Number.NaN, 0];
  for (const entry of entries) {
    const isTrusted = maySee(originOf(entry), origin);
    const step = stepOf(entry, recorded, origin ?? recorded, isTrusted);
    if (typeof step === 'string') {
      leftOut[step] = (leftOut[step] ?? 0) + 1;
      continue;
    }
    const begin = Date.parse(entry.startedDateTime);
    const pauseS = (begin - lastEnd) / 1000;
    lastEnd = Math.max(begin + entry.time, Number.isNaN(lastEnd) ? begin : lastEnd);
    if (pauseS > longestPauseS) capped++;
    const own = cookies.ownOf(entry);
    if (!isTrusted) withheld.push([...(own === '' ? [] : ['cookie']), ...credentialsOf(entry.request)]);
    steps.push({
      ...step,
      headers: { ...step.headers, ...(own !== '' && isTrusted && { cookie: escapeTemplate(own) }) },
      ...(pauseS >= shortestPauseS && { thinkS: Math.min(longestPauseS, Math.round(pauseS * 10) / 10) }),
    });
  }
  const requests = withheld.filter((names) => names.length > 0).length;
  return { steps: withNames(steps), leftOut, capped, withheld: { requests, headers: [...new Set(withheld.flat())] } };
}

/** Whether the target is where credentials were recorded; addresses of this machine are one place. */
function maySee(recorded: string | undefined, origin: string | undefined): boolean {
  if (recorded === undefined || recorded === origin) return true;
  return isHere(new URL(recorded)) && isHere(origin === undefined ? undefined : new URL(origin));
}

/** Cookies that an answer of the record has set come from the target's answers; others were there before. */
function createCookies() {
  const set = new Set<string>();
  return {
    ownOf({ request, response }: HarEntry): string {
      const sent = request.headers.filter(({ name }) => name.toLowerCase() === 'cookie').map(({ value }) => value);
      const own = sent
        .flatMap((value) => value.split(/;\s*/))
        .filter((each) => !set.has(each.split('=', 1)[0] as string));
      for (const { name, value } of response.headers)
        if (name.toLowerCase() === 'set-cookie')
          for (const line of value.split('\n')) set.add((line.split('=', 1)[0] as string).trim());
      return own.filter((each) => each !== '').join('; ');
    },
  };
}

/** By path patterns: a query, and an id in a path, may be a secret. */
function withNames(steps: readonly Omit<WalkStep, 'name'>[]): WalkStep[] {
  const patterns = createPathPatterns();
  const nodes = steps.map(({ path }) => patterns.add(path));
  for (const node of nodes) patterns.count(node, 1);
  return steps.map((step, index) => ({
    name: `${step.method} ${patterns.pattern(nodes[index] as number)}`.slice(0, 80),
    ...step,
  }));
}

function hostsBeside(origins: readonly string[], recorded: string): string[] {
  const times = new Map<string, number>();
  const others = origins.filter((origin) => !isSameSite(origin, recorded)).map((origin) => new URL(origin).host);
  for (const host of others) times.set(host, (times.get(host) ?? 0) + 1);
  return [...times].sort(([, a], [, b]) => b - a).map(([host]) => host);
}
