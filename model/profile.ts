// A profile: a named list of stages, and the requests that they send. Built-in ones and files have this one format.
import * as z from 'zod';
import { build, buildStage } from './stage-kinds/build.ts';
import { capacity, capacityStage } from './stage-kinds/capacity.ts';
import { closed, closedStage } from './stage-kinds/closed.ts';
import { idle, idleStage } from './stage-kinds/idle.ts';
import { ladder, ladderStage } from './stage-kinds/ladder.ts';
import { ratePerS, type StageKind, stageName } from './stage-kinds/load-stage.ts';
import { open, openStage } from './stage-kinds/open.ts';
import { replay, replayStage } from './stage-kinds/replay.ts';
import { expectSchema, methodSchema, walkKeys, walkSchema } from './walk.ts';

/** One kind of request. */
export const routeSchema = z.strictObject({
  /** What reports call it. */
  name: z.string().min(1).max(80),
  /** HEAD in open stages only. */
  method: methodSchema,
  /** Path and query, starting with a slash. */
  path: z.string().startsWith('/'),
  /** Share of the requests, in proportion to the other weights. */
  weight: z.number().positive().default(1),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().exactOptional(),
  expect: expectSchema,
});
export type Route = z.infer<typeof routeSchema>;

export const profileStageSchema = z.discriminatedUnion('kind', [
  idleStage,
  closedStage,
  ladderStage,
  openStage,
  capacityStage,
  buildStage,
  replayStage,
]);
export type ProfileStage = z.infer<typeof profileStageSchema>;

/** Each kind of stage, in its own file. */
const stageKinds: { readonly [K in ProfileStage['kind']]: StageKind<Extract<ProfileStage, { kind: K }>> } = {
  idle,
  closed,
  ladder,
  open,
  capacity,
  build,
  replay,
};

/** The kind of a stage, for questions that all kinds answer. */
export function kindOf(stage: ProfileStage): StageKind<ProfileStage> {
  return stageKinds[stage.kind] as unknown as StageKind<ProfileStage>;
}

/** The longest that a profile takes, in seconds. */
export function plannedS({ stages }: Pick<Profile, 'stages'>): number {
  return stages.reduce((sum, stage) => sum + kindOf(stage).plannedS(stage), 0);
}

/** What it takes where the machine does not disturb it, in seconds. */
export function usualS({ stages }: Pick<Profile, 'stages'>): number {
  return stages.reduce((sum, stage) => sum + (kindOf(stage).usualS ?? kindOf(stage).plannedS)(stage), 0);
}

export const profileSchema = z.strictObject({
  /** Where editors find docs/profile.schema.json. */
  $schema: z.string().exactOptional(),
  name: z.string().min(1).max(80),
  description: z.string().default(''),
  /** What --rate, --duration and --poisson change; without it, the profile has rates and durations of its own. */
  tune: z
    .strictObject({
      /** The arrival rate that the stages are written for: with --rate all of them change in proportion. */
      ratePerS: ratePerS.positive(),
      /** Name of the stage that --duration is about. */
      durationOf: stageName,
    })
    .exactOptional(),
  stages: z.array(profileStageSchema).min(1),
  /** Requests that take longer are time-outs. */
  timeoutS: z.number().min(2).max(300).default(5),
  /** Applied when the command line gives none. */
  thresholds: z.array(z.string()).default([]),
  /** Ends the run when one of these has held for its time: `errors.rate > 50% for 5s`. */
  autostop: z.array(z.string()).default([]),
  /** Instead of the target's usual mix. A path with `{code}` stands for one route per seeded code, of the same name, sharing the weight. */
  routes: z.array(routeSchema).min(1).exactOptional(),
  /** Instead of routes: what one user does, step by step. */
  walk: walkSchema.exactOptional(),
});
/** What was asked for. */
export type Profile = z.infer<typeof profileSchema>;

/** The kinds of stages that a file may have: a replay is made from its log. */
export const writtenKinds: readonly string[] = profileStageSchema.options.flatMap(({ shape }) =>
  shape.kind.value === 'replay' ? [] : [shape.kind.value],
);

/** The keys that may stand at a place of a profile. */
export function keysOf([first, second]: readonly PropertyKey[], profile: unknown): readonly string[] {
  if (first === undefined) return Object.keys(profileSchema.shape);
  if (first === 'routes') return Object.keys(routeSchema.shape);
  if (first !== 'stages') return walkKeys;
  const { kind } = (profile as Profile).stages[second as number] ?? {};
  return Object.keys(profileStageSchema.options.find(({ shape }) => shape.kind.value === kind)?.shape ?? {});
}
