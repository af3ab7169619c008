// What the runs of one command are measured with: cores that emulated instances share, and what sees disturbances there.
import { type MeasuredCores, openMeasuredCores } from '../../loadtest/emulation/measured-cores.ts';
import { openRedisSpeed } from '../../loadtest/emulation/redis-speed.ts';
import { type SpeedCheck, startSpeedCheck } from '../../loadtest/emulation/speed-check.ts';
import { collectWindows, type SpeedWindows } from '../../loadtest/emulation/speed-windows.ts';
import { type CoreWatch, findBusyCores } from '../../loadtest/run/core-watch.ts';
import type { Finding } from '../../model/finding.ts';
import { isHere } from '../../model/is-here.ts';
import type { Profile } from '../../model/profile.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { LocalApp } from '../../monitors/collectors/linux-reader.ts';
import { watchCores } from '../../monitors/collectors/taken-cores.ts';
import { earlierSpeed } from './earlier-speed.ts';
import type { Emulation } from './options/emulation.ts';
import type { StressPlan } from './plan/stress-plan.ts';
import { findRunning } from './run/running-app.ts';

/** Where runs are without --out: the machine is the same. */
const usualOut = 'runs';

export type Measuring = {
  readonly measuredCores: MeasuredCores | undefined;
  readonly watch: CoreWatch | undefined;
  /** How fast the measured core is, by what was measured until now. */
  readonly vcpuSpeed: () => Pick<RunRecord, 'vcpuSpeed'>;
  /** That the machine is too busy, as far as it can be said before the load, or that redis is missing. */
  readonly findings: readonly Finding[];
  close(): Promise<void>;
};

/** Opens it. The caller closes it when all runs have ended. */
export async function openMeasuring(plan: StressPlan): Promise<Measuring> {
  const { settings, machines } = plan;
  const emulations = machines.flatMap(({ emulation }) => emulation ?? []);
  const [first] = emulations;
  const hasBlocks = machines.some(({ profile }) => profile.stages.some(isInBlocks));
  const earlier = earlierSpeed([...new Set([settings.out, usualOut])]);
  const checkOptions = { environment: settings.environment, earlierMs: earlier.speedCheckMs };
  const measuredCores =
    first && (await openMeasuredCores(first.cgroups, totalOf(emulations), { awake: isAwake(plan), ...checkOptions }));
  const isChecked = hasBlocks && isHere(settings.target);
  const speedCheck = measuredCores?.speedCheck ?? (isChecked ? await startSpeedCheck(checkOptions) : undefined);
  if (!speedCheck || !isChecked) {
    return {
      measuredCores,
      watch: undefined,
      vcpuSpeed: noSpeed,
      findings: [],
      close: async () => measuredCores?.stop(),
    };
  }
  const core = measuredCores?.own?.[0] ?? 0;
  const redis = await openRedisSpeed({ core });
  const close = async (): Promise<void> => {
    if (!('code' in redis)) await redis.stop();
    await (measuredCores ?? speedCheck).stop();
  };
  try {
    const windows = 'code' in redis ? undefined : collectWindows(redis, speedCheck.slowness, earlier.redisSetUs);
    const apps = appsOf(plan);
    const watch = apps && watchOf(speedCheck, measuredCores, windows, apps);
    const busy = watch && (await findBusyCores(watch));
    // At rest the core is more often undisturbed than later.
    await windows?.window();
    const findings = [...('code' in redis ? [redis] : []), ...(busy ? [busy] : [])];
    return { measuredCores, watch, vcpuSpeed: () => speedOf(core, windows), findings, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const noSpeed = () => ({});

function speedOf(core: number, windows: SpeedWindows | undefined): Pick<RunRecord, 'vcpuSpeed'> {
  const redisSetUs = windows?.summary();
  return redisSetUs ? { vcpuSpeed: { redisSetUs, core } } : {};
}

/** Undefined where the platform does not say who uses the cores. */
function watchOf(
  speedCheck: SpeedCheck,
  measuredCores: MeasuredCores | undefined,
  windows: SpeedWindows | undefined,
  apps: readonly LocalApp[],
): CoreWatch | undefined {
  const pids = () => apps.flatMap((app) => app.pids());
  const look = watchCores(measuredCores?.awake && ownUse(measuredCores), pids);
  if (!look) return undefined;
  const { run, undisturbedMs, summary } = speedCheck;
  const undisturbed = () => ({ speedCheckMs: undisturbedMs(), redisSetUs: windows?.undisturbedUs() });
  return { checkSpeed: run, undisturbed, summary, look, ...(windows && { window: windows.window }) };
}

/** The running apps that are loaded; undefined where their use could not be separated from that of others. */
function appsOf({ settings: { target, running }, pair }: StressPlan): readonly LocalApp[] | undefined {
  const targets = pair?.sides.map((side) => side.target) ?? (target ? [target] : []);
  const found = targets.filter(isHere).map((each) => findRunning(each, running).app);
  return found.every((app) => app !== undefined) ? found : undefined;
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
function isAwake({ settings, machines, datadog }: StressPlan): boolean {
  const { thresholds, sources } = settings;
  const judged = thresholds ?? machines.flatMap(({ profile }) => profile.thresholds);
  const needsIdle = judged.some((each) => /^\s*system\.(load|cpu\.iowait)/.test(each));
  return !datadog && !needsIdle && (sources ?? []).every(({ kind }) => kind === 'local');
}
