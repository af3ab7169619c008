// What the runs of one command are measured with: cores that emulated instances share, and what sees disturbances there.
import { type MeasuredCores, openMeasuredCores } from '../../loadtest/emulation/measured-cores.ts';
import { startProbe } from '../../loadtest/emulation/probe.ts';
import { type CoreWatch, findBusyCores } from '../../loadtest/run/core-watch.ts';
import type { Finding } from '../../model/finding.ts';
import type { Profile } from '../../model/profile.ts';
import { watchCores } from '../../monitors/collectors/taken-cores.ts';
import type { Emulation } from './emulation.ts';
import type { StressPlan } from './stress-plan.ts';

export type Measuring = {
  readonly measuredCores: MeasuredCores | undefined;
  readonly watch: CoreWatch | undefined;
  /** That the machine is too busy, as far as it can be said before the load. */
  readonly findings: readonly Finding[];
  close(): Promise<void>;
};

/** Opens it. The caller closes it when all runs have ended. */
export async function openMeasuring(plan: StressPlan): Promise<Measuring> {
  const { settings, machines } = plan;
  const emulations = machines.flatMap(({ emulation }) => emulation ?? []);
  const [first] = emulations;
  const measuredCores = first && (await openMeasuredCores(first.cgroups, totalOf(emulations), howTo(plan)));
  const hasBlocks = machines.some(({ profile }) => profile.stages.some(isInBlocks));
  const isHere = settings.target === undefined;
  const probe = measuredCores?.probe ?? (isHere && hasBlocks ? await startProbe(settings.environment) : undefined);
  const look = probe && watchCores(measuredCores?.awake && ownUse(measuredCores));
  const watch = probe && look && { probe: probe.run, undisturbedMs: probe.undisturbedMs, summary: probe.summary, look };
  const busy = watch && hasBlocks ? await findBusyCores(watch) : undefined;
  return {
    measuredCores,
    watch,
    findings: busy ? [busy] : [],
    close: async () => {
      await (measuredCores ?? probe)?.stop();
    },
  };
}

function isInBlocks(stage: Profile['stages'][number]): boolean {
  return 'blocks' in stage && stage.blocks !== undefined;
}

/** Cores' worth of CPU of the largest of them. */
function totalOf(emulations: readonly Emulation[]): number {
  return Math.max(...emulations.map(({ type, share }) => type.vcpus * share.withCredits));
}

function ownUse(measuredCores: MeasuredCores) {
  return { cores: measuredCores.own?.length ?? 1, usedS: () => measuredCores.usedS() ?? 0 };
}

/**
 * Cores that are kept awake look busy to any other observer of this machine, and leave no load average or iowait that a threshold could
 * be judged by.
 */
function howTo({ settings, machines, datadog }: StressPlan) {
  const { thresholds, sources, environment } = settings;
  const judged = thresholds ?? machines.flatMap(({ profile }) => profile.thresholds);
  const needsIdle = judged.some((each) => /^\s*system\.(load|cpu\.iowait)/.test(each));
  const awake = !datadog && !needsIdle && (sources ?? []).every(({ kind }) => kind === 'local');
  return { awake, environment };
}
