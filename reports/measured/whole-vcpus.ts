// What makes rates and CPU times of a stage those of whole vCPUs.
import type { RunRecord } from '../../model/run-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { bytesPerRequest } from './request-bytes.ts';
import { sharedCore } from './shared-core.ts';

/**
 * Cores of the measuring machine that one vCPU was in a stage: CPU time divided by it is vCPU time. At rest the app's own timers do not
 * depend on it, so that an idle stage counts whole cores where headroom chose the shares.
 */
export function coresPerVcpu({ target }: RunRecord, { role }: Pick<StageRecord, 'role'>): number {
  const { vcpuShare = 1, vcpuShareAtBaseline } = target;
  if (vcpuShareAtBaseline === undefined) return vcpuShare;
  if (role === 'idle') return 1;
  return role === 'sustained' ? vcpuShareAtBaseline : vcpuShare;
}

/**
 * The factor from a rate of a stage to that of whole vCPUs. vCPUs are taken as independent workers: twice the vCPUs serve twice the rate, and more
 * where they took turns on one core (`sharedCore`), as far as an emulated network lets through. 1 where the user chose the share, and in records of earlier versions, whose rates are those of the share.
 */
export function wholeVcpuFactor(run: RunRecord, stage: Pick<StageRecord, 'role'>, perS: number): number {
  if (run.target.vcpuShareAtBaseline === undefined) return 1;
  const factor = sharedCore(run).value / coresPerVcpu(run, stage);
  const most = networkPerS(run, stage);
  return most === undefined ? factor : Math.max(1, Math.min(factor, most / perS));
}

/** Requests a second that the emulated network lets through, of stages of that role; undefined where it was not limited. */
function networkPerS({ target, stages }: RunRecord, { role }: Pick<StageRecord, 'role'>): number | undefined {
  const bytes = bytesPerRequest(stages.filter((each) => each.role === role));
  return target.networkMbps === undefined || !bytes ? undefined : (target.networkMbps * 1e6) / 8 / bytes.onWire;
}

/**
 * Whether the rates of a run are those of a share of each vCPU that the user chose: not for a verdict, because rates do not
 * scale with the share. Records of earlier versions, in which headroom chose it, have neither blocks nor exact CPU times, and keep their
 * verdict and its note.
 */
export function isPartOfVcpu({ target, probe, stages }: RunRecord): boolean {
  const { vcpuShare = 1, vcpuShareAtBaseline } = target;
  const isNew =
    probe !== undefined || stages.some(({ blocks, appCpuS }) => blocks !== undefined || appCpuS !== undefined);
  return vcpuShare < 1 && vcpuShareAtBaseline === undefined && isNew;
}

/** The share of a core that one vCPU is in the rates that reports show of a run; undefined when nothing was emulated. */
export function toldShare({ target }: RunRecord): number | undefined {
  return target.vcpuShareAtBaseline === undefined ? target.vcpuShare : 1;
}
