// What nginx in the path of the load costs a request.
import { type Block, blockFigure } from '../../model/block.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';

type ProxyCost = {
  /** CPU-seconds of nginx's processes for one request. */
  readonly requestS: number;
  /** Of the clean blocks, else of the measured stages; absent where a single stage was measured, which has no spread. */
  readonly interval?: { readonly low: number; readonly high: number };
  /** Share of the CPU that a request takes of nginx and the app together, 0 to 1. */
  readonly share: number;
};

/** Over the clean blocks, else over the measured stages; undefined where headroom started no nginx, or nothing was measured. */
export function findProxyCost({ stages }: RunRecord): ProxyCost | undefined {
  const measured = stages.filter(({ role, nginxCpuS }) => role === 'measured' && nginxCpuS !== undefined);
  const share = shareOf(measured);
  const inBlocks = measured.findLast(({ blocks }) => blocks)?.blocks;
  const figure = inBlocks && blockFigure(inBlocks, costInBlock);
  if (figure && share !== undefined) {
    const { value, low, high } = figure;
    return { requestS: value, interval: { low, high }, share };
  }
  const each = measured.flatMap((stage) => costInStage(stage) ?? []);
  const requests = total(measured, answered);
  if (each.length === 0 || share === undefined || requests === 0) return undefined;
  return {
    requestS: total(measured, ({ nginxCpuS = 0 }) => nginxCpuS) / requests,
    ...(each.length > 1 && { interval: { low: Math.min(...each), high: Math.max(...each) } }),
    share,
  };
}

function costInBlock({ nginxCpuS, throughputPerS, durationS }: Block): number | undefined {
  const requests = throughputPerS * durationS;
  return nginxCpuS === undefined || requests === 0 ? undefined : nginxCpuS / requests;
}

function costInStage(stage: StageRecord): number | undefined {
  const requests = answered(stage);
  return stage.nginxCpuS === undefined || requests === 0 ? undefined : stage.nginxCpuS / requests;
}

function shareOf(measured: readonly StageRecord[]): number | undefined {
  const all = total(measured, ({ appCpuS = 0 }) => appCpuS);
  return all > 0 ? total(measured, ({ nginxCpuS = 0 }) => nginxCpuS) / all : undefined;
}

const answered = ({ outcomes }: StageRecord): number => outcomes.ok + outcomes.unexpectedStatus;

function total(stages: readonly StageRecord[], of: (stage: StageRecord) => number): number {
  return stages.reduce((sum, stage) => sum + of(stage), 0);
}
