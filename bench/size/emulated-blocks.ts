// Shorteners in emulated instances on one measured core, and closed blocks at each of them in turn.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEmulation } from '../../loadtest/emulation/cgroup-home.ts';
import { type EmulatedInstance, startEmulatedInstance } from '../../loadtest/emulation/emulated-instance.ts';
import { type MeasuredCores, openMeasuredCores } from '../../loadtest/emulation/measured-cores.ts';
import type { VcpuShare } from '../../loadtest/emulation/vcpu-share.ts';
import { startGenerators } from '../../loadtest/generators/generators.ts';
import type { CoreWatch } from '../../loadtest/run/core-watch.ts';
import { runLoad } from '../../loadtest/run/run.ts';
import type { Turn } from '../../loadtest/run/turns.ts';
import { startShortener } from '../../loadtest/target/shortener.ts';
import type { Block } from '../../model/block.ts';
import { findInstanceType } from '../../model/catalogue/instance-catalogue.ts';
import type { Route } from '../../model/profile.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { watchCores } from '../../monitors/collectors/taken-cores.ts';

export type Blocks = {
  readonly instance: EmulatedInstance;
  readonly routes: readonly Route[];
  readonly connections: number;
  readonly durationS: number;
  readonly turn: Turn | undefined;
  /** Before each visit and its lead. */
  readonly onVisit?: (lead: boolean) => void;
};

/** `start` one for each type, with a worker a vCPU; `measure` sends eight blocks or more; `close` ends everything. */
export async function openEmulation() {
  const cgroups = await findEmulation();
  if (typeof cgroups === 'string') throw new Error(cgroups);
  const environment = process.env;
  const dataDir = mkdtempSync(join(tmpdir(), 'emulated-blocks-'));
  const cores = await openMeasuredCores(cgroups, 1, { awake: true, environment });
  const generators = await startGenerators(1, environment);
  const polls = cores.keepOff(generators.pids);
  const watch = watchOf(cores);
  const instances: EmulatedInstance[] = [];
  return {
    start: async (instanceType: string, share: VcpuShare): Promise<EmulatedInstance> => {
      const instance = await startEmulatedInstance({
        cgroups,
        type: findInstanceType(instanceType),
        share,
        isShareAsked: true,
        measuredCores: cores,
        environment,
        start: (inside) =>
          startShortener({
            ...inside,
            dataDir: mkdtempSync(join(dataDir, 'data-')),
            sessionSecret: 'a-secret-of-thirty-two-characters',
          }),
      });
      instances.push(instance);
      return instance;
    },
    measure: async ({ instance, routes, connections, durationS, turn, onVisit }: Blocks): Promise<StageRecord> => {
      const stage = { kind: 'closed', name: 'blocks', connections, durationS, blocks: 8, warmUp: false } as const;
      const { stages } = await runLoad({
        profile: { name: 'blocks', description: '', timeoutS: 5, stages: [stage], thresholds: [], autostop: [] },
        origin: instance.app.url,
        routes,
        generators,
        polls,
        seed: 1,
        insecure: false,
        calm: async () => {},
        signal: new AbortController().signal,
        onLine: () => {},
        onStage: () => {},
        ...(turn && { turn }),
        watch,
        cpuS: () => ({ appCpuS: instance.group.use().cpuUs / 1e6 }),
        onVisit: (_, lead) => onVisit?.(lead),
      });
      return stages[0] as StageRecord;
    },
    close: async (): Promise<void> => {
      generators.close();
      for (const instance of instances) await instance.stop();
      await cores.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

function watchOf({ speedCheck, usedS }: MeasuredCores): CoreWatch | undefined {
  const look = watchCores({ cores: 1, usedS: () => usedS() ?? 0 });
  const undisturbed = () => ({ speedCheckMs: speedCheck.undisturbedMs() });
  return look && { checkSpeed: speedCheck.run, undisturbed, summary: speedCheck.summary, look };
}

/** Microseconds of the app's CPU time a request, in a block. */
export function costUs({ appCpuS, throughputPerS, durationS }: Block): number | undefined {
  return appCpuS === undefined ? undefined : (1e6 * appCpuS) / (throughputPerS * durationS);
}
