// CPU time of a request, and of a slice of the quota, counted exactly over the clean blocks of a run.
import { type Block, countedBlocks, medianOf } from '../../../model/block.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import { errorShare, mostErrors } from '../../../model/stage/sums.ts';
import { sharedCore, widenForSharing } from '../../measured/shared-core.ts';
import { correction, undisturbedFigure, widening } from '../../measured/stage-rate.ts';
import type { Estimate } from '../../series/regression.ts';

export type BlockDemand = {
  /** CPU-seconds of one request at full use. */
  readonly requestS: Estimate;
  /** CPU-seconds that each slice costs at the baseline performance, to fill the caches again; absent where that was not measured. */
  readonly sliceS?: Estimate;
};

/** Slices of the quota in a second, for each vCPU that is busy: its period is 100 ms. */
const slicesPerS = 10;

/**
 * In CPU time of the undisturbed core: at full use CPU = requests x b, at the baseline performance CPU = requests x b + slices x a; both less
 * what the app uses at rest, and as workers on vCPUs of their own use it. Undefined without blocks that count (`countedBlocks`) and have the app's CPU.
 */
export function findBlockDemand(run: RunRecord, restVcpus: number): BlockDemand | undefined {
  const { stages, target } = run;
  const { value: shared } = sharedCore(run);
  const used = ({ appCpuS, durationS }: Block) => appCpuS && Math.max(0, appCpuS - restVcpus * durationS) / shared;
  const requests = ({ throughputPerS, durationS }: Block) => throughputPerS * durationS;
  const blocksOf = (role: 'measured' | 'sustained') =>
    stages.findLast((stage) => stage.role === role && stage.blocks && errorShare(stage.outcomes) <= mostErrors)
      ?.blocks ?? [];
  const perRequest = (block: Block) => {
    const cpuS = used(block);
    return cpuS && requests(block) > 0 ? cpuS / requests(block) : undefined;
  };
  const measured = blocksOf('measured');
  const found = undisturbedFigure(run, measured, perRequest, -1);
  if (!found) return undefined;
  const requestS = widenForSharing(run, found, -1);
  const slices = slicesOn(target.vcpus ?? 1, target.workers ?? 1);
  const sustained = blocksOf('sustained');
  const wider = widening(run, measured);
  // A higher power makes a request and a slice cheaper, both by the same blocks.
  const costs = (end: 'value' | 'low' | 'high', perRequestS: number) =>
    medianOf(
      countedBlocks(sustained).flatMap((block) => {
        const cpuS = used(block);
        if (!cpuS) return [];
        const forSlices = cpuS / correction(run, block, end) - perRequestS * requests(block);
        return [Math.max(0, forSlices / (slices * block.durationS))];
      }),
    );
  const ends = [
    costs('value', requestS.value),
    costs('low', requestS.value / wider.low),
    costs('high', requestS.value / wider.high),
  ].filter((each) => each !== undefined);
  const [sliceS] = ends;
  if (!sliceS) return { requestS };
  const low = Math.min(...ends.map((each) => each.low));
  const high = Math.max(...ends.map((each) => each.high));
  return { requestS, sliceS: { ...sliceS, low, high } };
}

/** Slices a second on a type: one for each vCPU that a worker keeps busy. */
export function slicesOn(vcpus: number, workers: number): number {
  return slicesPerS * Math.min(vcpus, workers);
}

/** Of what a type may use at its baseline performance, at least this is left for requests, whatever the slices cost. */
const leastLeft = 0.1;

/** CPU-seconds of one request at the baseline performance: what remains of it after the slices serves requests at full speed. */
export function sliceDemand(requestS: number, sliceS: number, baselineVcpus: number, slices: number): number {
  const left = Math.max(leastLeft * baselineVcpus, baselineVcpus - slices * sliceS);
  return (requestS * baselineVcpus) / left;
}
