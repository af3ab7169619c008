// vCPUs in use during a stage: by the app's processes, or on the whole host without the load generator.
import { blockFigure } from '../../../model/block.ts';
import type { Observed } from '../../../model/observed.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { coresPerVcpu } from '../../measured/whole-vcpus.ts';
import type { Estimate } from '../../series/regression.ts';
import { exactly } from './estimate.ts';

/** Mean and extremes of the samples of a stage, in vCPUs of the run's machine. */
export type BusyVcpus = { readonly avg: number; readonly min: number; readonly max: number };

/** By the app's processes: as counted over the load where the record has that, else of samples; undefined without either. */
export function appVcpus(run: RunRecord, observed: Observed | undefined, index: number): BusyVcpus | undefined {
  const stage = run.stages[index];
  if (!stage) return undefined;
  const perVcpu = coresPerVcpu(run, stage);
  const counted = countedCores(stage);
  if (counted) return { avg: counted.value / perVcpu, min: counted.low / perVcpu, max: counted.high / perVcpu };
  const cpu = observed?.stages[index]?.metrics['app.cpu'];
  const percent = 100 * perVcpu;
  return cpu && { avg: cpu.avg / percent, min: cpu.min / percent, max: cpu.max / percent };
}

/** Samples of a second do not align with loads of two: exact CPU time over exact duration. */
function countedCores({ blocks, appCpuS, durationS }: StageRecord): Estimate | undefined {
  const ofBlocks = blockFigure(blocks ?? [], (block) => block.appCpuS && block.appCpuS / block.durationS);
  if (ofBlocks) return ofBlocks;
  return appCpuS !== undefined && durationS > 0 ? exactly(appCpuS / durationS) : undefined;
}

/** On the whole machine, less those of headroom when it runs there; undefined for an emulated machine, which is not the host. */
export function hostVcpus(run: RunRecord, observed: Observed, index: number): BusyVcpus | undefined {
  const stage = observed.stages[index];
  const idle = stage?.metrics['system.cpu.idle'];
  const cores = targetCores(run);
  if (!stage || !idle || cores === undefined || run.target.vcpuShare !== undefined) return undefined;
  const unused = (stage.metrics['system.cpu.iowait']?.avg ?? 0) + (stage.metrics['system.cpu.stolen']?.avg ?? 0);
  const own = (stage.services.headroom?.cpuPercent.avg ?? 0) / 100;
  const busy = (idlePercent: number) => Math.max(0, ((100 - idlePercent - unused) / 100) * cores - own);
  return { avg: busy(idle.avg), min: busy(idle.max), max: busy(idle.min) };
}

/** Cores of the machine that answers: its own figure, or this machine's when the target is local; undefined when unknown. */
export function targetCores(run: RunRecord): number | undefined {
  if (run.target.vcpus !== undefined) return run.target.vcpus;
  return isLocal(run) ? run.generator.cores : undefined;
}

/** Whether the target ran on the machine that generated the load. */
export function isLocal(run: RunRecord): boolean {
  return (
    run.target.startedByHarness || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(run.target.url).hostname)
  );
}
