// Service demand of a run: CPU time per request, and for which loads it holds.
import type { Observed } from '../../../model/observed.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import { isWithoutCredits } from '../../measured/credit-regime.ts';
import { loadStages } from '../../measured/program-use.ts';
import type { MissingDemandFindings } from '../../schema/check-findings.ts';
import type { SizingFinding } from '../../schema/sizing-findings.ts';
import { appVcpus, hostVcpus, targetCores } from './busy-cpu.ts';
import { type DemandFit, fitDemand, fullestPoint, shortestStageS } from './demand-fit.ts';

export type ServiceDemand = {
  /** The one that predictions use. */
  readonly used: DemandFit;
  readonly app?: DemandFit;
  readonly host?: DemandFit;
  /** Share of this machine's core that one vCPU of the run was; 1 unless it was emulated. */
  readonly vcpuShare: number;
  /**
   * Share of the CPU available to the app that the heaviest load used; present only when that is less than half: away from full use a
   * request costs up to several times as much, so nothing follows for a use far above this one.
   */
  readonly lightUse?: number;
  /** Its heaviest load ran without CPU credits: the figures are those of the baseline performance. */
  readonly atBaseline: boolean;
};

/** Why a run has no service demand. */
export type MissingDemand = SizingFinding<keyof MissingDemandFindings>;

/** A load below this share of full use says nothing about full use. */
const leastUse = 0.5;

/** The service demand of a run, or why it has none. */
export function measureServiceDemand(run: RunRecord, observed: Observed | undefined): ServiceDemand | MissingDemand {
  if (!observed) return { code: 'host-not-observed' };
  const app = fitDemand('app', run, (stage) => appVcpus(run, observed, stage));
  const host = fitDemand('host', run, (stage) => hostVcpus(run, observed, stage));
  const used = [app, host].find((fit) => fit && fit.demandMs.value > 0);
  if (!used) return app || host ? { code: 'no-cpu-above-rest' } : explainMissing(run, observed);
  const atBaseline = isWithoutCredits(run, observed, fullestPoint(used)?.number ?? -1);
  const use = heaviestUse(run, used, atBaseline);
  return {
    used,
    ...(app && { app }),
    ...(host && { host }),
    vcpuShare: run.target.vcpuShare ?? 1,
    ...(use < leastUse && { lightUse: use }),
    atBaseline,
  };
}

/** The service demand alone; undefined when there is none. */
export function presentDemand(found: ServiceDemand | MissingDemand): ServiceDemand | undefined {
  return 'code' in found ? undefined : found;
}

function explainMissing(run: RunRecord, observed: Observed): MissingDemand {
  const seen = observed.stages.some(({ metrics }) => metrics['system.cpu.idle'] !== undefined);
  if (seen && targetCores(run) === undefined) return { code: 'vcpus-unknown' };
  const answered = run.stages.some((stage) => stage.role === 'measured' && stage.throughputPerS > 0);
  return answered ? { code: 'no-steady-stage', shortestStageS } : findNoAnswer(run);
}

/** Why a run has no measured request. */
export function findNoAnswer(run: RunRecord): SizingFinding<'no-request-answered' | 'ended-before-measured-stage'> {
  const isBegun = run.status === 'complete' || loadStages(run).length > 0;
  return { code: isBegun ? 'no-request-answered' : 'ended-before-measured-stage' };
}

/**
 * Of the CPU that the app's processes can use (of an app whose processes are not known, of what others leave of the machine). Where
 * throughput stopped rising it is all that the app can use, however little of the machine that is; but not at the baseline performance.
 */
function heaviestUse(run: RunRecord, { of, points, restVcpus }: DemandFit, atBaseline: boolean): number {
  if (run.saturation && !atBaseline) return 1;
  const vcpus = targetCores(run) ?? 1;
  const loads = points.filter(({ perS }) => perS > 0).map((point) => point.vcpus - restVcpus);
  const usable = Math.min(run.target.workers ?? vcpus, of === 'app' ? vcpus : vcpus - restVcpus);
  return usable > 0 ? Math.max(0, ...loads) / usable : 1;
}

/** Whether a use (a share of full use) is near enough to what was measured to be predicted from it. */
export function isKnownUse({ lightUse }: ServiceDemand, use: number): boolean {
  return lightUse === undefined || use <= lightUse / leastUse;
}
