// Measures a closed stage in blocks: short visits in turn with the other runs, repeated until enough of them were undisturbed.
import { setTimeout as wait } from 'node:timers/promises';
import { type Block, countedBlocks } from '../../model/block.ts';
import type { BlockLine } from '../../model/second.ts';
import type { ClosedStage } from '../../model/stage-kinds/closed.ts';
import { blocksPerStart, leadS, moreBlocks, mostBlocks, patienceS } from '../../model/stage-kinds/load-stage.ts';
import type { OpenStage } from '../../model/stage-kinds/open.ts';
import { awaitUsualSpeed, blockOf, type Undisturbed, type Visit } from './core-watch.ts';
import { sumUsed } from './cpu-used.ts';
import type { LoadPlan } from './load-plan.ts';
import { beginLine, resultOf, type StageResult, sendVisit, type Visited } from './run-stage.ts';
import { alone } from './turns.ts';

/** Runs stage number `stage` in clean blocks of its duration, as many as it asks for, within half as many again. */
export async function runBlocks(
  plan: LoadPlan,
  stage: number,
  asked: ClosedStage & { readonly blocks: number },
): Promise<StageResult> {
  const visits: { readonly visit: Visit; readonly visited: readonly Visited[] }[] = [];
  const patience = { leftMs: 1000 * (plan.watch?.window ? patienceS.corrected : patienceS.uncorrected) };
  let begin: ReturnType<typeof beginLine> | undefined;
  // What is undisturbed is known better with every speed check, so all blocks are looked at again.
  const blocks = (): Block[] => visits.map(({ visit }) => blockOf(visit, plan.watch?.undisturbed()));
  const isEnough = () => {
    const all = visits.map(({ visit }) => blockOf(visit, fasterBy(knownLater, plan.watch?.undisturbed())));
    const enough = visits.length < asked.blocks + moreBlocks ? all.filter(({ clean }) => clean) : countedBlocks(all);
    return enough.length >= asked.blocks;
  };
  while (visits.length < mostBlocks(asked.blocks) && !isEnough() && !plan.signal.aborted) {
    const done = await (plan.turn ?? alone).visit(async () => {
      if (!begin) {
        begin = beginLine(stage, asked);
        plan.onLine(begin);
      }
      const fresh = await startAgain(plan, begin, asked, visits.length);
      if (plan.signal.aborted) return undefined;
      const { visit, visited } = await visitOnce(plan, begin, asked, patience);
      return { visit, visited: [...fresh, ...visited] };
    });
    if (!done) break;
    visits.push(done);
    const { visit, visited } = done;
    const block = blockOf(visit, plan.watch?.undisturbed());
    plan.onLine({ kind: 'block', stage, block } satisfies BlockLine);
    if (visited.some((each) => each.generatorDied || each.ends.some(({ aborted }) => aborted))) break;
  }
  const result = () =>
    resultOf(
      begin ?? beginLine(stage, asked),
      visits.flatMap(({ visited }) => visited),
      blocks(),
    );
  return { ...result(), judgedAgain: () => result().record };
}

/**
 * By so much may what is undisturbed turn out to be faster by the end of the run: a block that is clean by a hair does not count then, and the
 * stage, which has ended, would have one too few.
 */
const knownLater = 0.03;

function fasterBy(share: number, { speedCheckMs, redisSetUs }: Undisturbed = {}): Undisturbed {
  return {
    speedCheckMs: speedCheckMs && speedCheckMs * (1 - share),
    redisSetUs: redisSetUs && redisSetUs * (1 - share),
  };
}

/** Starts the app again where its next blocks are due to a further start, and makes it warm; what that sends counts nowhere. */
async function startAgain(
  plan: LoadPlan,
  begin: ReturnType<typeof beginLine>,
  asked: ClosedStage & { readonly blocks: number },
  visits: number,
): Promise<Visited[]> {
  const isDue = visits > 0 && visits % blocksPerStart(asked.blocks, asked.starts) === 0;
  if (!plan.starts || !isDue || plan.signal.aborted) return [];
  // At the credit baseline a start would take half a minute.
  plan.onVisit?.(begin.role, true);
  await plan.starts.again();
  return [await sendVisit(plan, begin, { ...asked, durationS: plan.starts.warmUpS }, { lead: true })];
}

/** Of a core, in so many ms: an app that uses less is at rest. It is waited for no longer than the last of these. */
const restShare = 0.1;
const restMs = 50;
const longestRestMs = 1000;

/** A window so recent still holds: what ended another run's visit begins the next. */
const windowAgeMs = 1000;

/** One visit: what is known of the core before it, the lead, which counts nowhere, the load, and the core again. */
export async function visitOnce(
  plan: LoadPlan,
  begin: ReturnType<typeof beginLine>,
  asked: ClosedStage | OpenStage,
  patience: { leftMs: number },
  beforeIt: ClosedStage | OpenStage = { ...asked, durationS: leadS },
): Promise<{ visit: Visit; visited: readonly Visited[] }> {
  const { watch } = plan;
  const beforeMs = watch && (await awaitUsualSpeed(watch, patience));
  const beforeUs = await watch?.window?.(windowAgeMs);
  // What has rested for seconds first fetches its code and data again: blocks after a rest were a quarter below those after another block.
  const lead = await sendVisit(plan, begin, beforeIt, { lead: true });
  if (asked.credits === 'empty') await untilAtRest(plan);
  const taken = watch?.look();
  const startedAt = new Date().toISOString();
  const visited = await sendVisit(plan, begin, asked);
  const others = taken?.();
  const afterMs = await watch?.checkSpeed();
  const afterUs = await watch?.window?.();
  const durationS = loadS(visited);
  const answered = visited.seconds.reduce((sum, { outcomes }) => sum + outcomes.ok + outcomes.unexpectedStatus, 0);
  const visit = {
    startedAt,
    ...(plan.starts && { start: plan.starts.count() }),
    durationS,
    throughputPerS: durationS > 0 ? answered / durationS : 0,
    ...sumUsed([visited]),
    ...(beforeMs !== undefined && afterMs !== undefined && { probe: { beforeMs, afterMs } }),
    ...(beforeUs !== undefined && afterUs !== undefined && { redisSet: { beforeUs, afterUs } }),
    ...(others && { takenShare: others.takenShare, takers: others.takers }),
    seconds: visited.seconds,
  };
  return { visit, visited: [lead, visited] };
}

/** What a lead leaves in flight is answered while the CPU is still lent: a type without credits would pay for it in its block. */
async function untilAtRest({ cpuS, signal }: LoadPlan): Promise<void> {
  const until = performance.now() + longestRestMs;
  const used = () => cpuS?.().appCpuS ?? 0;
  while (performance.now() < until && !signal.aborted) {
    const before = used();
    await wait(restMs);
    if (used() - before <= (restShare * restMs) / 1000) return;
  }
}

/** Generators run side by side, so the seconds of one of them, the longest, are the block's. */
function loadS({ seconds }: Visited): number {
  const byGenerator = new Map<number, number>();
  for (const { generator, durationS } of seconds)
    byGenerator.set(generator, (byGenerator.get(generator) ?? 0) + durationS);
  return Math.max(0, ...byGenerator.values());
}
