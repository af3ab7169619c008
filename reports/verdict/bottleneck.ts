// What keeps throughput from rising further, read from the metrics of the stage where it stopped.
import { blockFigure, instanceUsePercent } from '../../model/block.ts';
import { creditBaselineVcpus, instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import type { Finding } from '../../model/finding.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { isWithoutCredits } from '../measured/credit-regime.ts';
import { errorRatePercent } from '../measured/measured.ts';
import { bytesPerRequest } from '../measured/request-bytes.ts';
import type { Limit } from '../schema/judged.ts';
import { found } from '../schema/verdict-findings.ts';

/** A Node event loop that is this busy has no time left; below it, pauses between requests are seen. */
const busyEventLoopPercent = 95;
/** One process that uses this much of one core: the rest goes to the kernel's scheduling and to garbage collection threads. */
const busyCorePercent = 90;
/** With less idle CPU than this the programs of the host wait for each other. */
const idleHostPercent = 10;
/** With less usable memory than this, the kernel evicts the programs' own pages, and kills one when that does not help. */
const usableMemoryFraction = 0.05;
/** An instance that uses this much of the CPU of its type is saturated. */
const busyInstancePercent = 90;
/** A token bucket that passes this much has a queue: the headers on the wire are estimated. */
const busyNetworkPercent = 90;
/** A busier generator sends late, and measures itself. */
const busyGenerator = 0.9;
/** Errors are the limit above this share, when they were less than half of it at lower load. */
const errorsPercent = 1;

/** What the checks read, of one stage. */
type StageFacts = {
  readonly run: RunRecord;
  readonly stage: number;
  readonly metrics: Observed['stages'][number]['metrics'];
  readonly idlePercent: number | undefined;
  readonly appPercent: number | undefined;
  /** CPU of the emulated or real instance, of its type. */
  readonly instancePercent: number | undefined;
  readonly atBaseline: boolean;
  /** What the type may use in this stage. */
  readonly allowedPercent: number;
  readonly instanceSaturated: boolean;
};

type Check = (facts: StageFacts) => Finding | undefined;

/** In this order: a program that lacks memory spends its CPU on reclaiming some, so memory comes first. */
const checks: readonly (readonly [Limit['limitedBy'], Check])[] = [
  ['memory', checkMemory],
  ['event loop', checkEventLoop],
  ['generator', checkGenerator],
  ['host CPU', checkHostCpu],
  ['host CPU', checkInstanceCpu],
  ['network', checkNetwork],
  ['errors', checkErrors],
];

/** The limit at one stage with its evidence; `unknown` says what was not measured, or that no component was saturated. */
export function findLimit(run: RunRecord, observed: Observed | undefined, stage: number): Limit {
  const facts = factsOf(run, observed, stage);
  for (const [limitedBy, check] of checks) {
    const because = check(facts);
    if (because) return { limitedBy, because };
  }
  const missing = unobserved(observed, stage);
  const because =
    missing.length > 0
      ? found('limit-not-observed', { missing })
      : found('nothing-saturated', { workers: run.target.workers ?? 1 });
  return { limitedBy: 'unknown', because };
}

/** The metrics that a limit is read from and that this stage lacks. */
export function unobserved(observed: Observed | undefined, stage: number): string[] {
  const metrics = observed?.stages[stage]?.metrics ?? {};
  return ['system.cpu.idle', 'app.event_loop.utilization', 'app.cpu'].filter((metric) => metrics[metric] === undefined);
}

function factsOf(run: RunRecord, observed: Observed | undefined, stage: number): StageFacts {
  const metrics = observed?.stages[stage]?.metrics ?? {};
  const instancePercent = usedInBlocks(run, stage) ?? metrics['aws.ec2.cpuutilization']?.avg;
  const atBaseline = isWithoutCredits(run, observed, stage);
  const allowedPercent = atBaseline ? baselinePercent(run) : 100;
  return {
    run,
    stage,
    metrics,
    idlePercent: metrics['system.cpu.idle']?.avg,
    appPercent: metrics['app.cpu']?.avg,
    instancePercent,
    atBaseline,
    allowedPercent,
    instanceSaturated: instancePercent !== undefined && instancePercent >= (busyInstancePercent / 100) * allowedPercent,
  };
}

/** CPU of an emulated instance in the blocks of a stage, in percent of its type: samples of a second do not fit into blocks of two. */
function usedInBlocks({ target, stages }: RunRecord, number: number): number | undefined {
  const { role, blocks = [] } = stages[number] ?? {};
  return role && blockFigure(blocks, (block) => instanceUsePercent(block, target, role))?.value;
}

function checkMemory({ run, metrics }: StageFacts): Finding | undefined {
  const usable = metrics['system.mem.pct_usable']?.min;
  if (usable !== undefined && usable < usableMemoryFraction)
    return found('host-memory-scarce', { usablePercent: 100 * usable });
  // An emulated instance has less memory than its host.
  const ofBytes = (run.target.memoryGiB ?? Number.POSITIVE_INFINITY) * 1024 ** 3;
  const usedBytes = metrics['app.mem.rss']?.max;
  if (usedBytes === undefined || usedBytes < ofBytes * (1 - usableMemoryFraction)) return undefined;
  return found('instance-memory-full', { usedBytes, ofBytes });
}

function checkEventLoop({ run, metrics, idlePercent, appPercent, instanceSaturated }: StageFacts): Finding | undefined {
  // Under a quota that is used up, a process that waits for its next slice looks busy.
  if (instanceSaturated && run.target.vcpuShare !== undefined) return undefined;
  if (idlePercent !== undefined && idlePercent < idleHostPercent) return undefined;
  const idle = idlePercent === undefined ? {} : { hostIdlePercent: idlePercent };
  const busyPercent = metrics['app.event_loop.utilization']?.avg;
  if (busyPercent !== undefined && busyPercent >= busyEventLoopPercent)
    return found('event-loop-busy', { busyPercent, ...idle });
  if ((run.target.workers ?? 1) === 1 && appPercent !== undefined && appPercent >= busyCorePercent)
    return found('process-uses-core', { usedPercent: appPercent, ...idle });
  return undefined;
}

function checkGenerator({ run, stage }: StageFacts): Finding | undefined {
  const { kind, generatorUse, scheduleLagUs } = run.stages[stage] ?? {};
  const use = generatorUse ?? run.generator.eventLoopUtilization?.mean;
  if (use === undefined || use <= busyGenerator) return undefined;
  // Users with think time are sent by the open engine.
  const isAutocannon = kind === 'closed' && scheduleLagUs === undefined;
  return found('generator-busy', { busyPercent: 100 * use, ...(isAutocannon && { engine: 'autocannon' as const }) });
}

function checkHostCpu({ run, idlePercent, appPercent, instanceSaturated }: StageFacts): Finding | undefined {
  // Beside an emulated instance generators poll, so that their cores look busy.
  if (instanceSaturated && run.target.vcpuShare !== undefined) return undefined;
  if (idlePercent === undefined || idlePercent >= idleHostPercent) return undefined;
  return found('host-cpu-saturated', { idlePercent, ...(appPercent !== undefined && { appPercent }) });
}

function checkInstanceCpu(facts: StageFacts): Finding | undefined {
  const { instancePercent, instanceSaturated, atBaseline, allowedPercent, run } = facts;
  const { instanceType } = run.target;
  if (!instanceSaturated || instancePercent === undefined) return undefined;
  return atBaseline && instanceType !== undefined
    ? found('credit-baseline-reached', { instanceType, usedPercent: instancePercent, baselinePercent: allowedPercent })
    : found('instance-cpu-saturated', {
        usedPercent: instancePercent,
        ...(instanceType !== undefined && { instanceType }),
      });
}

/** Only an emulated network has a limit that is known to hold. */
function checkNetwork({ run, stage: number }: StageFacts): Finding | undefined {
  const { networkMbps: limitMbps, instanceType } = run.target;
  const stage = run.stages[number];
  const bytes = stage && bytesPerRequest([stage]);
  if (limitMbps === undefined || instanceType === undefined || !bytes) return undefined;
  const usedMbps = (stage.throughputPerS * bytes.onWire * 8) / 1e6;
  return usedMbps >= (busyNetworkPercent / 100) * limitMbps
    ? found('network-full', { instanceType, usedMbps, limitMbps })
    : undefined;
}

function checkErrors({ run, stage }: StageFacts): Finding | undefined {
  const rates = (from: number, to: number) =>
    run.stages
      .slice(from, to)
      .filter((each) => each.role === 'measured')
      .map((each) => errorRatePercent(each.requests.sent, each.outcomes) ?? 0);
  const before = Math.max(0, ...rates(0, stage));
  const after = Math.max(0, ...rates(stage, run.stages.length));
  return after > errorsPercent && before < after / 2 ? found('errors-rise', { errorRatePercent: after }) : undefined;
}

/** The baseline performance of the target's type, in percent of its vCPUs; 100 when it is not known or earns no credits. */
function baselinePercent({ target }: RunRecord): number {
  const type = instanceCatalogue.find(({ instanceType }) => instanceType === target.instanceType);
  return type?.credits ? (100 * creditBaselineVcpus(type.credits)) / type.vcpus : 100;
}
