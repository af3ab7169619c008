// A walk, or routes one by one, sent once and looked at: before the load, and for --once.
import { performance } from 'node:perf_hooks';
import type { Route } from '../../model/profile.ts';
import type { WalkFailure, WalkStep } from '../../model/walk.ts';
import { compileWalk } from '../engines/walks/compile-walk.ts';
import { Walker } from '../engines/walks/walker.ts';
import type { WalkPlan } from '../walks/read-walk.ts';
import { escapeTemplate } from '../walks/template.ts';
import { type Answer, askBytes } from './ask.ts';

export type StepSeen = {
  readonly step: WalkStep;
  /** The whole message. */
  readonly sent: Buffer;
  readonly answer: Answer;
  readonly tookMs: number;
  /** Variables of the walk from its answer, in order; none of a step that has failed. */
  readonly taken: readonly string[];
  readonly failure?: WalkFailure;
  /** Of all variables so far. */
  readonly values: ReadonlyMap<string, string>;
};

type Options = {
  readonly insecure: boolean;
  readonly timeoutS: number;
  /** First bytes of each body to look at. */
  readonly bodyBytes: number;
  /** Ends the wait for an answer. */
  readonly signal?: AbortSignal;
};

/** Gives each step when it was answered, and ends with one that failed. Throws a UserError where there is no whole answer. */
export async function* sendOnce(origin: string, walk: WalkPlan, options: Options): AsyncGenerator<StepSeen> {
  const compiled = compileWalk(walk, origin, options.bodyBytes);
  const walker = new Walker(compiled, 0);
  for (const step of walk.steps) {
    const { bytes: sent } = walker;
    const beganAt = performance.now();
    const answer = await askBytes(origin, shownPath(step), walker, options.insecure, options);
    const tookMs = performance.now() - beganAt;
    walker.seen(answer.status);
    const { failure, values } = walker;
    const taken = failure ? [] : Object.keys(step.take ?? {});
    yield { step, sent, answer, tookMs, taken, values, ...(failure && { failure }) };
    if (failure) return;
  }
}

/** The path of its first step, as it is sent first. */
export function firstPathOf(walk: WalkPlan, origin: string): string {
  return new Walker(compileWalk(walk, origin), 0).path;
}

export function shownPath({ path }: WalkStep): string {
  return withoutQuery(path);
}

/** There may be a secret in a query. */
export function withoutQuery(url: string): string {
  return url.replace(/\?.*/s, '?...');
}

/** A route as the walk of one step. */
export function walkOfRoute({ weight: _, path, body, headers, ...route }: Route): WalkPlan {
  const escaped = Object.entries(headers).map(([name, value]) => [name, escapeTemplate(value)]);
  return {
    steps: [
      {
        ...route,
        path: escapeTemplate(path),
        headers: Object.fromEntries(escaped),
        ...(body !== undefined && { body: escapeTemplate(body) }),
      },
    ],
  };
}
