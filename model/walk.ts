// A user's walk: steps that one user does in order, each with what earlier ones found.
import * as z from 'zod';

/** The methods that can be sent. */
export const methodSchema = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET');

/** Statuses that are a success; every other answer is an unexpected status. */
export const expectSchema = z.array(z.number().int().min(100).max(599)).min(1);

/** Where in an answer a value stands: in a header, or in the body; a pattern is looked for in there. */
const takeSchema = z
  .strictObject({
    /** Name of a header. */
    header: z.string().min(1).exactOptional(),
    /** JSON pointer (RFC 6901) into the body, like /items/0/id. */
    json: z.string().exactOptional(),
    /** Regular expression: its first group, or the whole match without one. */
    pattern: z.string().min(1).exactOptional(),
  })
  .refine(
    ({ header, json, pattern }) => (header ?? json ?? pattern) !== undefined && (header ?? json) === (json ?? header),
    'must have "header" or "json", and may have "pattern" (alone: in the body)',
  );
export type Take = z.infer<typeof takeSchema>;

const stepSchema = z.strictObject({
  /** What reports call it. */
  name: z.string().min(1).max(80),
  method: methodSchema,
  /** Path and query. `${name}` in it, in header values and in the body is the value of a variable. */
  path: z.string().refine((path) => /^(\/|\$\{)/.test(path), `must begin with / or a variable, like /orders/\${id}`),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().exactOptional(),
  expect: expectSchema,
  /** Pause of the user before it, in open stages. */
  thinkS: z.number().nonnegative().max(3600).exactOptional(),
  /** Variables from its answer, by name. */
  take: z.record(z.string(), takeSchema).exactOptional(),
});
export type WalkStep = z.infer<typeof stepSchema>;

export const walkSchema = z.strictObject({
  /** CSV file, from the folder of the profile: the columns are variables, and each walk takes the next row. */
  rows: z.string().min(1).exactOptional(),
  steps: z.array(stepSchema).min(1).max(1000),
});
export type Walk = z.infer<typeof walkSchema>;

/** The keys of a walk, its steps and what they take. */
export const walkKeys: readonly string[] = [walkSchema, stepSchema, takeSchema].flatMap(({ shape }) =>
  Object.keys(shape),
);

const count = z.number().int().nonnegative();

/** What became of the walks of a stage. */
export const walksSchema = z.object({
  begun: count,
  /** Every step was answered as expected. */
  completed: count,
  /** Under way when the stage ended. */
  unfinished: count,
  /** Ended at a step, the most frequent first. */
  failed: z.array(
    z.object({
      step: z.string(),
      /**
       * Another status, no whole answer, a variable that was not found (also as the body is too long, or its encoding unknown), a link to
       * another host, or a step that was not sent in time.
       */
      why: z.enum(['status', 'no-answer', 'value', 'body-too-long', 'body-unreadable', 'other-host', 'not-sent']),
      /** That was not found. */
      variable: z.string().exactOptional(),
      walks: count,
    }),
  ),
});
export type WalksRecord = z.infer<typeof walksSchema>;
export type WalkFailure = Pick<WalksRecord['failed'][number], 'why' | 'variable'>;

/** The walks of several generators, or shards, together; nothing where there were none. */
export function walksOf(parts: readonly { readonly walks?: WalksRecord }[]): { readonly walks?: WalksRecord } {
  const found = parts.flatMap(({ walks }) => walks ?? []);
  if (found.length === 0) return {};
  const total = (key: 'begun' | 'completed' | 'unfinished') => found.reduce((sum, walks) => sum + walks[key], 0);
  const failed = new Map<string, WalksRecord['failed'][number]>();
  for (const each of found.flatMap((walks) => walks.failed)) {
    const key = JSON.stringify([each.step, each.why, each.variable]);
    failed.set(key, { ...each, walks: each.walks + (failed.get(key)?.walks ?? 0) });
  }
  return {
    walks: {
      begun: total('begun'),
      completed: total('completed'),
      unfinished: total('unfinished'),
      failed: [...failed.values()].sort((a, b) => b.walks - a.walks),
    },
  };
}
