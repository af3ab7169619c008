// Runs one stage on the generators and makes its record.
import type { Block } from '../../model/block.ts';
import type { Finding } from '../../model/finding.ts';
import { present } from '../../model/present.ts';
import type { LoadLine, StageEndLine, StageLine } from '../../model/second.ts';
import type { CommandRecord } from '../../model/stage/command-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { stageFromLines } from '../../model/stage/stage-result.ts';
import type { ClosedStage } from '../../model/stage-kinds/closed.ts';
import type { IdleStage } from '../../model/stage-kinds/idle.ts';
import type { OpenStage } from '../../model/stage-kinds/open.ts';
import type { StageOrder } from '../engines/stage-order.ts';
import { GeneratorDied } from '../generators/generators.ts';
import { loadFinding } from '../messages.ts';
import { type CpuUsed, sumUsed, usedSince } from './cpu-used.ts';
import { idle } from './idle.ts';
import type { LoadPlan, StopReason } from './load-plan.ts';
import { closedOrders, type OrderContext, openOrders, rampOf } from './orders.ts';
import { meanRateOf, type ReplayPart, replayOrders } from './replay-orders.ts';

export type PlainStage = IdleStage | ClosedStage | OpenStage | ReplayPart;
type LoadStage = Exclude<PlainStage, IdleStage>;

export type StageResult = {
  readonly record: StageRecord;
  readonly seconds: readonly LoadLine[];
  /** A generator ended in the middle of it. */
  readonly generatorDied?: Finding;
  /** Of a stage in blocks: its record by what is known now of the undisturbed core. */
  readonly judgedAgain?: () => StageRecord;
};

/** From the order to the first arrival: for the order to reach every generator, and for connections to open. */
const openLeadMs = 300;
const openConnectMs = 0.5;
const connectsWaitedFor = 1000;
/** What that is at most. */
export const longestLeadMs = openLeadMs + connectsWaitedFor * openConnectMs;

/** Runs stage number `stage` in one visit. `startAt` (ms since 1970) is when it has to begin; without it, it begins now. */
export async function runStage(
  plan: LoadPlan,
  stage: number,
  asked: PlainStage,
  options: { readonly role?: 'probe' | 'beside'; readonly startAt?: number } = {},
): Promise<StageResult> {
  if (options.startAt !== undefined) await idle(stage, Math.max(0, options.startAt - Date.now()) / 1000, plan.signal);
  const begin = beginLine(stage, asked, options.role);
  plan.onLine(begin);
  if (asked.kind === 'idle') {
    const end = await idle(stage, asked.durationS, plan.signal);
    plan.onLine(end);
    return resultOf(begin, [{ seconds: [], ends: [end] }]);
  }
  return resultOf(begin, [await sendVisit(plan, begin, asked, options)]);
}

/** The load of one visit, and what came of it. */
export type Visited = CpuUsed & {
  readonly seconds: readonly LoadLine[];
  readonly ends: readonly StageEndLine[];
  readonly command?: CommandRecord;
  readonly generatorDied?: Finding;
};

/** Sends the load of a stage whose line is written, once; as the lead of a block, which counts nowhere, when asked to. */
export async function sendVisit(
  plan: LoadPlan,
  { stage, role }: StageLine,
  asked: LoadStage,
  { startAt, lead = false }: { readonly startAt?: number | undefined; readonly lead?: boolean } = {},
): Promise<Visited> {
  const seconds: LoadLine[] = [];
  const ends: StageEndLine[] = [];
  const onLine = (sent: LoadLine | StageEndLine): void => {
    const line = lead ? { ...sent, lead: true as const } : sent;
    plan.onLine(line);
    if (line.kind === 'load') seconds.push(line);
    else ends.push(line);
  };
  plan.onVisit?.(role, lead);
  const usedBefore = lead ? undefined : plan.cpuS?.();
  let generatorDied: Finding | undefined;
  let command: CommandRecord | undefined;
  try {
    command = await runOrders(plan, stage, asked, startAt, onLine);
  } catch (error) {
    if (!(error instanceof GeneratorDied)) throw error;
    generatorDied = error.finding;
  }
  const used = usedBefore && plan.cpuS && usedSince(usedBefore, plan.cpuS());
  return { seconds, ends, ...used, ...present({ command, generatorDied }) };
}

/** The record of a stage from its visits. */
export function resultOf(begin: StageLine, visits: readonly Visited[], blocks: readonly Block[] = []): StageResult {
  const seconds = visits.flatMap((visit) => visit.seconds);
  const ends = visits.flatMap((visit) => visit.ends);
  const { aborted, ...record } = stageFromLines(begin, seconds, ends, blocks);
  const command = visits.find((visit) => visit.command)?.command;
  const generatorDied = visits.find((visit) => visit.generatorDied)?.generatorDied;
  const why = generatorDied ?? (aborted?.code === 'command-ended' ? undefined : aborted);
  const found = present({ command, aborted: why });
  return { record: { ...record, ...sumUsed(visits), ...found }, seconds, ...present({ generatorDied }) };
}

/** The line that begins a stage. */
export function beginLine(stage: number, asked: PlainStage, role?: 'probe' | 'beside'): StageLine {
  return {
    kind: 'stage',
    stage,
    name: asked.name,
    stageKind: asked.kind === 'replay' ? 'open' : asked.kind,
    role: role ?? roleOf(asked),
    ...(asked.kind !== 'idle' && asked.cutS !== undefined && { cutS: asked.cutS }),
    ...(asked.kind === 'closed' && { connections: asked.connections }),
    ...(asked.kind === 'open' && {
      arrivalRatePerS: rampOf(asked),
      arrivals: asked.arrivals,
      maxConnections: asked.maxConnections,
    }),
    ...(asked.kind === 'replay' && {
      arrivalRatePerS: meanRateOf(asked),
      maxConnections: asked.maxConnections,
    }),
    startedAt: new Date().toISOString(),
  };
}

function roleOf(asked: PlainStage): StageLine['role'] {
  if (asked.kind === 'idle') return 'idle';
  if (asked.warmUp) return 'warm-up';
  return asked.credits === 'empty' ? 'sustained' : 'measured';
}

async function runOrders(
  plan: LoadPlan,
  stage: number,
  asked: LoadStage,
  startAt: number | undefined,
  onLine: (line: LoadLine | StageEndLine) => void,
): Promise<CommandRecord | undefined> {
  const connecting = asked.kind === 'closed' ? 0 : Math.min(asked.maxConnections, connectsWaitedFor) * openConnectMs;
  const context = {
    stage,
    origin: plan.origin,
    routes: plan.routes,
    timeoutS: plan.profile.timeoutS,
    insecure: plan.insecure,
    ...present({
      closesEach: plan.closesEach || undefined,
      polls: plan.polls || undefined,
      trace: plan.trace,
      walk: plan.walk,
    }),
    seed: plan.seed,
    generators: plan.generators.count,
    shard: plan.shard ?? { index: 0, of: 1 },
  };
  const { orders, transferMs } = ordersOf(plan, context, asked);
  const beginsAt = (startAt ?? Date.now()) + openLeadMs + connecting + transferMs;
  const onAbort = (): void => plan.generators.stop((plan.signal.reason as StopReason).reason);
  plan.signal.addEventListener('abort', onAbort, { once: true });
  const overtime = new AbortController();
  try {
    const done = plan.generators.run(orders(beginsAt), onLine);
    if (plan.signal.aborted) onAbort();
    const { during } = plan;
    if (!asked.during || !during) {
      await done;
      return undefined;
    }
    // The command begins with the load, not while connections are opened.
    const inTime = AbortSignal.any([overtime.signal, plan.signal]);
    const command = idle(stage, Math.max(0, beginsAt - Date.now()) / 1000, inTime)
      .then(() => during(inTime))
      .finally(() => plan.generators.stop(loadFinding('command-ended')));
    await done.finally(() => overtime.abort());
    return await command;
  } finally {
    plan.signal.removeEventListener('abort', onAbort);
  }
}

function ordersOf(
  plan: LoadPlan,
  context: OrderContext,
  asked: LoadStage,
): { readonly orders: (startAt: number) => StageOrder[]; readonly transferMs: number } {
  if (asked.kind === 'closed') return { orders: () => closedOrders(context, asked), transferMs: 0 };
  if (asked.kind === 'open') return { orders: (startAt) => openOrders(context, asked, startAt), transferMs: 0 };
  if (!plan.replay) throw new Error(`stage ${asked.name} has no log`);
  return replayOrders(context, asked, plan.replay);
}
