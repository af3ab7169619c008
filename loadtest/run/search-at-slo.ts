// The highest arrival rate that meets the SLO, from the saturation by a few open blocks, in turn with the other runs.
import type { Finding } from '../../model/finding.ts';
import type { BlockLine, LoadLine } from '../../model/second.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import type { LadderStage } from '../../model/stage-kinds/ladder.ts';
import { moreOpenBlocks, openBlockLeadS } from '../../model/stage-kinds/open-block.ts';
import { parseThreshold, type Threshold } from '../../model/threshold.ts';
import { loadFinding } from '../messages.ts';
import { concludeAtSlo, countedOf, nextRate, type OpenBlock, unseenInBlock } from './conclude-at-slo.ts';
import { blockOf, type Visit } from './core-watch.ts';
import { isShorterThanAnswers, judgeProbe } from './judge-probe.ts';
import { busyGenerator, generatorUse, lag, neverSent, offered } from './load-checks.ts';
import { addStage, type Progress } from './progress.ts';
import { visitOnce } from './run-blocks.ts';
import { beginLine, resultOf } from './run-stage.ts';
import { type BlockSize, sizeOpenBlock, tooFewRequests } from './size-open-block.ts';
import { alone } from './turns.ts';

/** Of the saturation. With more connections than there, a target may serve more. */
const possible = { from: 0.6, to: 1.2 };
const leadConnections = 8;

/** A block before it is judged. */
type SentBlock = {
  readonly arrivalRatePerS: number;
  readonly size: BlockSize;
  readonly stage: number;
  readonly record: StageRecord;
  readonly seconds: readonly LoadLine[];
  readonly visit: Visit;
};

/**
 * Sends blocks until so many count as were asked for, within a few more; each at the middle of what the others left possible. What came of it is
 * `progress.atSlo`, judged again when it is asked for: what is undisturbed is known better with every speed check.
 */
export async function searchAtSlo(
  progress: Progress,
  asked: NonNullable<LadderStage['atSlo']>,
  saturation: { readonly perS: number; readonly connections: number },
): Promise<void> {
  const { watch } = progress.plan;
  const bracket = { from: possible.from * saturation.perS, to: possible.to * saturation.perS };
  const slo = (asked.slo ?? []).map(parseThreshold);
  const sent: SentBlock[] = [];
  const judged = () => lateTwice(sent.map((block) => judgeBlock(block, slo, watch?.undisturbed())));
  progress.atSlo = () =>
    concludeAtSlo(
      judged(),
      bracket,
      slo.map(({ expression }) => expression),
    );
  const missing = slo.length === 0 ? loadFinding('no-slo') : tooFewRequests(bracket.from, asked.durationS, slo);
  if (missing) progress.atSlo = () => ({ missing });
  while (!missing && sent.length < asked.blocks + moreOpenBlocks && countedOf(judged()).length < asked.blocks) {
    const next = nextRate(judged(), bracket);
    if (next === undefined) return;
    const rate = next < 100 ? next : Math.round(next);
    sent.push(await sendBlock(progress, rate, sizeOpenBlock(rate, asked.durationS, slo, saturation.connections)));
    if (!progress.stop) continue;
    progress.atSlo = () => ({ missing: loadFinding('search-stopped') });
    return;
  }
}

async function sendBlock(progress: Progress, arrivalRatePerS: number, size: BlockSize): Promise<SentBlock> {
  const { plan, stages } = progress;
  const { durationS, maxConnections } = size;
  const stage = stages.length;
  const name = `open ${arrivalRatePerS < 100 ? arrivalRatePerS.toFixed(1) : arrivalRatePerS}/s`;
  const common = { name, warmUp: false } as const;
  const asked = { kind: 'open', arrivalRatePerS, durationS, arrivals: 'constant', maxConnections, ...common } as const;
  const lead = { kind: 'closed', connections: leadConnections, durationS: openBlockLeadS, ...common } as const;
  const { begin, visit, visited } = await (plan.turn ?? alone).visit(async () => {
    const begin = beginLine(stage, asked, 'probe');
    plan.onLine(begin);
    return { begin, ...(await visitOnce(withoutWindows(plan), begin, asked, { leftMs: 0 }, lead)) };
  });
  const block = () => blockOf(visit, plan.watch?.undisturbed());
  plan.onLine({ kind: 'block', stage, block: block() } satisfies BlockLine);
  const result = resultOf(begin, visited);
  // Its figures are those of the whole block, whether it counts or not.
  const record = (): StageRecord => ({ ...result.record, blocks: [block()] });
  addStage(progress, { ...result, record: record(), judgedAgain: record });
  const seconds = result.seconds.filter((line) => !line.lead);
  return { arrivalRatePerS, size, stage, record: result.record, seconds, visit };
}

/** The window of redis SETs takes longer than half a block, and a block on a slow core is not corrected but sent again. */
function withoutWindows({ watch, ...plan }: Progress['plan']): Progress['plan'] {
  const { window: _, ...rest } = watch ?? {};
  return { ...plan, ...(watch && { watch: rest as typeof watch }) };
}

function judgeBlock(
  { record, seconds, visit, size, ...sent }: SentBlock,
  slo: readonly Threshold[],
  undisturbed: Parameters<typeof blockOf>[1],
): OpenBlock {
  const { disturbance } = blockOf(visit, undisturbed);
  const cut = record.aborted ?? disturbance;
  if (cut) return { ...sent, answer: 'disturbed', reasons: [cut] };
  const { reasons } = judgeProbe({ record, seconds }, slo, { queued: unseenInBlock, dropped: unseenInBlock });
  const limit = generatorsFault(record, seconds, reasons.length > 0);
  if (limit) return { ...sent, answer: isLimit(limit, seconds) ? 'generator' : 'disturbed', reasons: [limit] };
  // At its last connection a block without a queue has dropped requests of its own.
  if (!size.isRoomy && reasons.length > 0 && isOnly(reasons, 'requests-dropped'))
    return { ...sent, answer: 'generator', reasons };
  // Neither is known then: whether a queue grew, and that none did.
  if (isOnly(reasons, 'queue-grew') && isShorterThanAnswers(record, seconds))
    return { ...sent, answer: 'disturbed', reasons: [loadFinding('answers-outlast-block', { stage: record.name })] };
  return { ...sent, answer: reasons.length > 0 ? 'fails' : 'holds', reasons };
}

function isOnly(reasons: readonly Finding[], code: string): boolean {
  return reasons.every((each) => each.code === code);
}

/** A generator with time to spare was late by a pause: its own, or one of the machine. */
function isLimit({ code }: Finding, seconds: readonly LoadLine[]): boolean {
  return !['generator-late', 'generator-delayed'].includes(code) || generatorUse(seconds) > busyGenerator;
}

/** Late once, a generator may have paused; late again at the same rate, it is at its limit there. */
function lateTwice(blocks: readonly OpenBlock[]): OpenBlock[] {
  const isLate = ({ reasons }: OpenBlock) => reasons[0]?.code === 'generator-late';
  return blocks.map((block, index) => {
    const again = (other: OpenBlock) => isLate(other) && other.arrivalRatePerS === block.arrivalRatePerS;
    return isLate(block) && blocks.slice(0, index).some(again) ? { ...block, answer: 'generator' } : block;
  });
}

/** Why what a block missed, if it missed anything, may be the generator's. */
function generatorsFault(record: StageRecord, seconds: readonly LoadLine[], missed: boolean): Finding | undefined {
  const [found] = [...lag(record, seconds), ...neverSent(record), ...offered(record, seconds, 1)];
  if (found || !missed) return found;
  const use = generatorUse(seconds);
  return use > busyGenerator ? loadFinding('generator-busy', { stage: record.name, usePercent: 100 * use }) : undefined;
}
